import type { Collection, CollectionField, EndpointField, EndpointModel } from '../model.ts'
import { createCodec, isPlainCollection } from '../field-types/codec.ts'
import { compileValidator } from '../field-types/validator.ts'
import { collectionPath } from './paths.ts'

/** Values for tests of the builder: whole things from the few properties a test is about. */

export function endpointField(
  field: Partial<EndpointField> & Pick<EndpointField, 'name' | 'type'>,
): EndpointField {
  return {
    id: `id of ${field.name}`,
    key: field.name,
    refCollectionId: null,
    unique: false,
    indexed: false,
    hidden: false,
    readGroupIds: [],
    writeGroupIds: [],
    children: [],
    required: false,
    description: '',
    order: 0,
    refEndpointId: null,
    minimum: null,
    maximum: null,
    minLength: null,
    maxLength: null,
    choices: null,
    ...field,
  }
}

export function collectionModel(
  path: string,
  fields: readonly CollectionField[],
  retiredKeys: readonly string[] = [],
): Collection {
  const usedKeys = new Set([...fields.map(({ key }) => key), ...retiredKeys])
  return {
    id: `id of ${path}`,
    path,
    table: 'c_00000000000000000000000000000000',
    fields,
    fieldByName: new Map(fields.map((field) => [field.name, field])),
    usedKeys,
    isPlain: isPlainCollection(fields, usedKeys),
    codec: createCodec(fields, usedKeys),
  }
}

export function endpointModel(
  endpoint: Partial<EndpointModel> & Pick<EndpointModel, 'method' | 'path'>,
): EndpointModel {
  const fields = endpoint.fields ?? []
  const collection = endpoint.collection ?? collectionModel(collectionPath(endpoint.path), fields)
  return {
    id: `${endpoint.method} ${endpoint.path}`,
    name: 'Example',
    description: '',
    apiVersion: null,
    collection,
    fields,
    validator: compileValidator(fields, collection),
    accessType: 'public',
    allowedGroupIds: [],
    network: null,
    dataRetentionDays: null,
    rateLimit: null,
    handlers: null,
    ...endpoint,
  }
}

import type { EndpointChange, EndpointInput } from '@holdfast/contracts/builder/endpoints'
import { problem } from '@holdfast/contracts/problems'
import { networkMistakes } from '../network-access/rules.ts'
import { fieldTypeDefinitions } from '../field-types/index.ts'
import { readDefault } from '../field-types/object-reader.ts'
import type { EndpointField } from '../model.ts'
import { normalizePath, pathMistake, versionAlias } from './paths.ts'
import type { SchemaMistake } from './schema-rules.ts'

/** What can be said about a definition without asking the database. */

/** The path as it is stored. Throws endpoints.path_invalid, endpoints.path_reserved. */
export function checkPath(
  path: string,
  apiVersion: string | null,
  reserved: (path: string) => string | null,
): string {
  const normalized = normalizePath(path)
  const mistake = pathMistake(normalized)
  if (mistake !== null)
    throw problem('endpoints.path_invalid', {
      sentence: mistake,
      details: [{ path: 'body.path', message: mistake }],
    })
  const alias = versionAlias(normalized, apiVersion)
  if (apiVersion !== null && alias === null) {
    const sentence = 'A version needs a path below /api, such as /api/products.'
    throw problem('endpoints.path_invalid', {
      sentence,
      details: [{ path: 'body.apiVersion', message: sentence }],
    })
  }
  for (const candidate of alias === null ? [normalized] : [normalized, alias]) {
    const owner = reserved(candidate)
    if (owner === null) continue
    const sentence = `The product itself answers ${owner.replace(/\{(\w+)\}/g, ':$1')}. Choose another path than ${candidate}.`
    throw problem('endpoints.path_reserved', {
      sentence,
      details: [{ path: 'body.path', message: sentence }],
    })
  }
  return normalized
}

/** Throws endpoints.network_invalid. */
export function checkNetwork(access: EndpointInput['networkAccess']): void {
  const mistakes = networkMistakes(access)
  if (mistakes.length === 0) return
  throw problem('endpoints.network_invalid', {
    sentence: mistakes.join('; '),
    details: mistakes.map((message) => ({ path: 'body.networkAccess', message })),
  })
}

/** Mistakes inside the fields themselves: bounds, defaults, and where an index is possible. */
export function fieldMistakes(fields: readonly EndpointField[], prefix = '', isTop = true): SchemaMistake[] {
  return fields.flatMap((field) => {
    const path = `${prefix}${field.name}`
    const say = (message: string): SchemaMistake => ({
      path: `schema.${path}`,
      message: `Field "${path}" ${message}`,
    })
    const mistakes: SchemaMistake[] = []
    if (field.minimum !== null && field.maximum !== null && field.minimum > field.maximum)
      mistakes.push(say('has a minimum above its maximum'))
    if (field.minLength !== null && field.maxLength !== null && field.minLength > field.maxLength)
      mistakes.push(say('has a minLength above its maxLength'))
    if (field.unique || field.indexed) {
      if (!isTop) mistakes.push(say('is nested; only fields at the top can be unique or indexed'))
      else if (fieldTypeDefinitions[field.type].sqlCast === null)
        mistakes.push(say(`is of type ${field.type}, which cannot be unique or indexed`))
    }
    if (field.defaultValue !== undefined) {
      mistakes.push(
        ...readDefault(field).map(({ message }) => ({
          path: `schema.${path}.defaultValue`,
          message: `${message} (its default value)`,
        })),
      )
    }
    return [...mistakes, ...fieldMistakes(field.children, `${path}.`, false)]
  })
}

/** A name as part of an address: `Product list` is `product-list`. */
export function slugOf(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 120)
}

/** The properties that `change` names, for the audit. */
export function namedProperties(change: EndpointChange): string[] {
  return Object.entries(change)
    .filter(([name, value]) => value !== undefined && name !== 'confirm')
    .map(([name]) => name)
}

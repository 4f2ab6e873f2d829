import type { EndpointChange, EndpointInput } from '@holdfast/contracts/builder/endpoints'
import type { Field, FieldInput } from '@holdfast/contracts/builder/fields'
import type { Context } from '../../../context.ts'
import { checkNetwork, checkPath, slugOf } from './checks.ts'
import type { StoredEndpoint } from './stored.ts'

/** An endpoint as it will be stored, made from what a request says. Pure: the caller reads, checks and writes. */
export function created(
  input: EndpointInput,
  made: {
    id: string
    path: string
    collectionId: string
    schema: StoredEndpoint['schema']
    at: Date
    ctx: Context
  },
): StoredEndpoint {
  const { fields, schema, ...definition } = input
  void [fields, schema]
  const at = made.at.toISOString()
  return {
    ...definition,
    id: made.id,
    path: made.path,
    collectionId: made.collectionId,
    slug: slugOf(input.slug ?? '') || slugOf(input.name),
    schema: made.schema,
    schemaVersion: 1,
    createdBy: made.ctx.actor.kind === 'user' ? made.ctx.actor.userId : null,
    createdAt: at,
    updatedAt: at,
  }
}

/** Throws for a path or network rules that are not valid. */
export function changed(
  before: StoredEndpoint,
  input: EndpointChange,
  at: Date,
  reserved: (path: string) => string | null,
): StoredEndpoint {
  const { schema, fields, confirm, ...definition } = input
  void [schema, fields, confirm]
  const given = Object.fromEntries(Object.entries(definition).filter(([, value]) => value !== undefined))
  const next: StoredEndpoint = { ...before, ...given, updatedAt: at.toISOString() }
  if (input.networkAccess !== undefined) checkNetwork(input.networkAccess)
  const moves = input.path !== undefined || input.apiVersion !== undefined
  const slug = input.slug === undefined ? before.slug : slugOf(input.slug) || slugOf(next.name)
  return { ...next, slug, path: moves ? checkPath(next.path, next.apiVersion, reserved) : before.path }
}

/** A shown field as a request, with its identity. */
export function asKnownField(field: Field): FieldInput {
  return { ...field, children: field.children.map(asKnownField) }
}

/** A shown field as a request that means a field of another collection. */
export function asNewField(field: Field): FieldInput {
  const { id, ...rest } = field
  void id
  return { ...rest, children: field.children.map(asNewField) }
}

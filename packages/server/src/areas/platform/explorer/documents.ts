import type { RawDocument } from '@holdfast/contracts/platform/explorer'
import { problem } from '@holdfast/contracts/problems'
import type { z } from 'zod'
import { fieldMessage } from '../../../http/field-messages.ts'
import type { DocumentQuery } from './collection.ts'

/** A document's properties as the owner of its collection takes them. Throws request.invalid with each bad property. */
export function readDocument<S extends z.ZodType>(schema: S, body: Record<string, unknown>): z.output<S> {
  const result = schema.safeParse(body, { error: fieldMessage })
  if (result.success) return result.data
  const details = result.error.issues.map(({ path, message }) => ({
    path: ['body', ...path.map(String)].join('.'),
    message,
  }))
  throw problem('request.invalid', {
    sentence: `The document is not valid: ${details.map(({ path, message }) => `${path.slice(5)} ${message}`).join(', ')}.`,
    details,
  })
}

/** A page of what is held in memory: bounded lists, newest first. `texts` names the properties that are searched. */
export function pageOf(
  documents: readonly RawDocument[],
  { limit, offset, search }: DocumentQuery,
  texts: readonly string[],
): { documents: RawDocument[]; total: number } {
  const wanted = search.toLowerCase()
  const found = documents
    .filter((document) =>
      ['id', ...texts].some((name) => {
        const value = document[name]
        return typeof value === 'string' && value.toLowerCase().includes(wanted)
      }),
    )
    .toSorted((one, other) => (one.id < other.id ? 1 : -1))
  return { documents: found.slice(offset, offset + limit), total: found.length }
}

const idPattern = /^([0-9a-f]{24}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i

/** Whether something in some collection could have this id. */
export function isDocumentId(text: string): boolean {
  return idPattern.test(text)
}

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Whether PostgreSQL would take it for a UUID: what has another form is no id of a collection that has these. */
export function isUuid(text: string): boolean {
  return uuidPattern.test(text)
}

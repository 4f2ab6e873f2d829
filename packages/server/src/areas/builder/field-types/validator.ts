import type { Checked, Codec, CollectionField, EndpointField, StoredBody, Validator } from '../model.ts'
import { decodeValue } from './codec.ts'
import { isPlainObject, type Report } from './definition.ts'
import { freeValidator, notAnObject } from './free-validator.ts'
import { type CompiledField, compileFields, hasProperty, readField, refuseUnknown } from './object-reader.ts'

/**
 * Turns a schema into functions that check a body and answer what is stored, without looking at the schema again.
 * An endpoint without a schema accepts any object.
 */
export function compileValidator(
  fields: readonly EndpointField[],
  collection: {
    fields: readonly CollectionField[]
    usedKeys: ReadonlySet<string>
    codec: Pick<Codec, 'encode'>
  },
): Validator {
  if (fields.length === 0) return freeValidator(collection)
  const compiled = compileFields(fields)
  const keys = new Set(compiled.map(({ key }) => key))

  return {
    create(input, groupIds) {
      if (!isPlainObject(input)) return notAnObject
      const report = newReport(groupIds)
      const body: StoredBody = {}
      readAll(compiled, input, report, body, nothing, true)
      return conclude(body, report)
    },

    replace(input, stored, groupIds) {
      if (!isPlainObject(input)) return notAnObject
      const report = newReport(groupIds)
      const body: StoredBody = {}
      readAll(compiled, input, report, body, stored, false)
      for (const key of Object.keys(stored)) if (!keys.has(key)) body[key] = stored[key]
      return conclude(body, report)
    },

    patch(input, stored, groupIds) {
      if (!isPlainObject(input)) return notAnObject
      const report = newReport(groupIds)
      const body: StoredBody = { ...stored }
      let known = 0
      for (const entry of compiled) {
        if (hasProperty(input, entry)) {
          known += 1
          readField(entry, input, entry.name, report, body, stored, false)
        } else {
          checkKept(entry, stored, report)
        }
      }
      if (known < Object.keys(input).length) refuseUnknown(compiled, input, '', report)
      return conclude(body, report)
    },
  }
}

const nothing: StoredBody = Object.freeze({})

function newReport(groupIds: readonly string[]): Report {
  return { refusals: [], references: [], groupIds, isStored: false, forbidden: false }
}

function readAll(
  compiled: readonly CompiledField[],
  input: Record<string, unknown>,
  report: Report,
  body: StoredBody,
  stored: StoredBody,
  withDefaults: boolean,
): void {
  let known = 0
  for (const entry of compiled) {
    if (hasProperty(input, entry)) known += 1
    readField(entry, input, entry.name, report, body, stored, withDefaults)
  }
  if (known < Object.keys(input).length) refuseUnknown(compiled, input, '', report)
}

/** A value that stays must satisfy today's schema as well; its references were checked when it was written. */
function checkKept({ field, key, read }: CompiledField, stored: StoredBody, report: Report): void {
  const kept: Report = {
    refusals: report.refusals,
    references: [],
    groupIds: [],
    isStored: true,
    forbidden: false,
  }
  const value = stored[key]
  read(value === undefined ? undefined : decodeValue(field, value, null), field.name, kept, value)
}

function conclude(body: StoredBody, report: Report): Checked {
  if (report.refusals.length > 0) return { ok: false, refusals: report.refusals, forbidden: report.forbidden }
  return { ok: true, body, references: report.references }
}

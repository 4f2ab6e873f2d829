import type { KeyStep } from '../model.ts'
import type { StoredField } from './stored.ts'

/** A field that goes out of use; its values stay. */
export interface FieldLoss {
  readonly fieldId: string
  /** Names from the top, joined with dots. */
  readonly name: string
  readonly keyPath: readonly KeyStep[]
  /** The field that takes its place under another type, or null. */
  readonly replacedBy: string | null
}

/** What is lost with `field`, named and placed from the top of the record. */
export function lossOf(
  field: StoredField,
  fields: ReadonlyMap<string, StoredField>,
  replacedBy: string | null,
): FieldLoss {
  const names: string[] = []
  const keyPath: KeyStep[] = []
  for (
    let current: StoredField | undefined = field;
    current !== undefined;
    current = parentOf(current, fields)
  ) {
    names.unshift(current.name)
    keyPath.unshift({ key: current.key })
    if (parentOf(current, fields)?.type === 'array') keyPath.unshift('items')
  }
  return { fieldId: field.id, name: names.join('.'), keyPath, replacedBy }
}

function parentOf(field: StoredField, fields: ReadonlyMap<string, StoredField>): StoredField | undefined {
  return field.parentId === null ? undefined : fields.get(field.parentId)
}

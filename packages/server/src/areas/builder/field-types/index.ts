import type { FieldType } from '@holdfast/contracts/builder/fields'
import { arrayType } from './array.ts'
import { booleanType } from './boolean.ts'
import { datetimeType } from './datetime.ts'
import type { FieldTypeDefinition } from './definition.ts'
import { jsonType } from './json.ts'
import { numberType } from './number.ts'
import { objectType } from './object.ts'
import { referenceType } from './reference.ts'
import { stringType } from './string.ts'

/** Every field type. The compiler asks for a line here when the contract names a new one. */
export const fieldTypeDefinitions: Readonly<Record<FieldType, FieldTypeDefinition>> = {
  string: stringType,
  number: numberType,
  boolean: booleanType,
  object: objectType,
  array: arrayType,
  datetime: datetimeType,
  json: jsonType,
  reference: referenceType,
}

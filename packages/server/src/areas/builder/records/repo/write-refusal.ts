import { problem } from '@holdfast/contracts/problems'
import { databaseErrorCode, isUniqueViolation } from '@holdfast/database/database'

/** What the database refused because of the record's values, as a problem; null for everything else. */
export function writeRefusal(error: unknown): Error | null {
  if (isUniqueViolation(error)) return problem('records.value_taken', { cause: error })
  // Program limits: a value too long for its index, JSON nested too deep.
  if (databaseErrorCode(error)?.startsWith('54')) {
    return problem('records.invalid', {
      cause: error,
      sentence: 'A value is too long for a field that is indexed or unique, or nested too deep. Shorten it.',
    })
  }
  return null
}

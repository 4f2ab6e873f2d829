import { problem } from '@holdfast/contracts/problems'
import { isUniqueViolation } from '@holdfast/database/errors'

/** A violation of the unique index is a problem that the client can mend. */
export async function duplicates<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (isUniqueViolation(error, 'gateway_routes_match'))
      throw problem('gateway_routes.duplicate', { cause: error })
    throw error
  }
}

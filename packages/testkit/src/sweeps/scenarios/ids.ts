export { systemGroupIds } from '@holdfast/server/areas/identity/groups/rules'

/** An id that nothing has. */
export const unknownId = '019b0000-0000-7000-8000-00000000ffff'

/** More wrong attempts than the default settings allow before a lock. */
export const attemptsPastLock = 12

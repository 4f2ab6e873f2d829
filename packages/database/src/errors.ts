/**
 * Which PostgreSQL failures mean what.
 *
 * Node's own socket errors (`ECONNREFUSED`, `ENOENT`) look the same whether PostgreSQL or, say, Docker is not there, so
 * our clients mark the ones that are theirs; only a marked one counts as "the database is away". What the server itself
 * says is recognised by its code (PostgreSQL manual, appendix A).
 */
import { DatabaseError } from 'pg'

const markedErrors = new WeakSet<object>()

/** The server cannot serve now, but may soon: going down, crashed, starting up, out of connection slots. */
const unavailableCodes = new Set(['57P01', '57P02', '57P03', '53300'])
const connectionExceptionClass = '08'
const outOfResourcesCodes = new Set(['53100', '53200'])

/** `pg` throws these without a code. */
const unavailableMessages = [
  'Connection terminated',
  'timeout exceeded when trying to connect',
  'timeout expired',
  'Client has encountered a connection error and is not queryable',
  'Client was closed and is not queryable',
  'Cannot use a pool after calling end on the pool',
]

const causesMax = 4

/** Records that `error` came from a connection to PostgreSQL. Clients made by this package do it themselves. */
export function markConnectionError(error: unknown): void {
  if (typeof error === 'object' && error !== null) markedErrors.add(error)
}

/**
 * Whether PostgreSQL could not be reached, went away, or is starting up or shutting down: the caller should answer
 * 503 with `Retry-After`. Looks through `cause`. A statement that PostgreSQL refused is not a connection error.
 */
export function isConnectionError(error: unknown): boolean {
  let current = error
  for (let depth = 0; depth < causesMax && current instanceof Error; depth += 1) {
    if (isConnectionErrorItself(current)) return true
    current = current.cause
  }
  return false
}

/**
 * Whether PostgreSQL refused because its disk is full (53100) or its memory used up (53200): nothing was changed, and
 * the same statement succeeds once there is room. Looks through `cause`.
 */
export function isOutOfResources(error: unknown): boolean {
  let current = error
  for (let depth = 0; depth < causesMax && current instanceof Error; depth += 1) {
    if (current instanceof DatabaseError && outOfResourcesCodes.has(current.code ?? '')) return true
    current = current.cause
  }
  return false
}

function isConnectionErrorItself(error: Error): boolean {
  if (error instanceof DatabaseError) {
    const code = error.code ?? ''
    return unavailableCodes.has(code) || code.startsWith(connectionExceptionClass)
  }
  if (markedErrors.has(error)) return true
  return unavailableMessages.some((message) => error.message.startsWith(message))
}

/** Whether a unique index or key refused the row (23505), optionally the one called `constraint`. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  return isViolation(error, '23505', constraint)
}

/** Whether a foreign key refused the row (23503), optionally the one called `constraint`. */
export function isForeignKeyViolation(error: unknown, constraint?: string): boolean {
  return isViolation(error, '23503', constraint)
}

function isViolation(error: unknown, code: string, constraint: string | undefined): boolean {
  if (!(error instanceof DatabaseError) || error.code !== code) return false
  return constraint === undefined || error.constraint === constraint
}

/** Whether the same transaction may succeed when run again: serialization failure (40001) or deadlock (40P01). */
export function isRetryableError(error: unknown): boolean {
  return error instanceof DatabaseError && (error.code === '40001' || error.code === '40P01')
}

/** The server's code for this failure (`23505`), or undefined when it did not come from the server. */
export function databaseErrorCode(error: unknown): string | undefined {
  return error instanceof DatabaseError ? error.code : undefined
}

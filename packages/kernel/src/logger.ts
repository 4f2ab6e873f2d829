import pino from 'pino'
import { createMask } from './masking.ts'

/** The part of pino's interface that the product uses: `logger.info({ facts }, 'Sentence')`. */
export interface Logger {
  debug(facts: object, message: string): void
  info(facts: object, message: string): void
  warn(facts: object, message: string): void
  error(facts: object, message: string): void
  child(bindings: object): Logger
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

/** Property names that are masked wherever they stand, beside those that contracts mark with `secret()`. */
const secretNames = [
  'password',
  'currentPassword',
  'newPassword',
  'token',
  'accessToken',
  'refreshToken',
  'secret',
  'apiKey',
  'gatewayApiKey',
  'authorization',
  'cookie',
  'set-cookie',
  'x-api-key',
  'x-csrf-token',
  'x-setup-code',
]

/** JSON lines on standard output, secrets masked. `destination` is for tests. */
export function createLogger(
  options: { level: LogLevel; secretFields?: readonly string[] },
  destination?: { write(line: string): void },
): Logger {
  const mask = createMask([...secretNames, ...(options.secretFields ?? [])])
  const masked = (facts: object) => mask(facts) as Record<string, unknown>
  const root = pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: masked },
      // Errors are objects by then.
      serializers: { err: (error: unknown) => error },
    },
    destination ?? pino.destination({ fd: 1, sync: true }),
  )
  // pino looks at the bindings of its root alone.
  const masking = (inner: pino.Logger): Logger => ({
    debug: (facts, message) => inner.debug(facts, message),
    info: (facts, message) => inner.info(facts, message),
    warn: (facts, message) => inner.warn(facts, message),
    error: (facts, message) => inner.error(facts, message),
    child: (bindings) => masking(inner.child(masked(bindings))),
  })
  return masking(root)
}

/** For tests and one-off commands that print for themselves. */
export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLogger,
}

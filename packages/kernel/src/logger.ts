import pino from 'pino'

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
  'current_password',
  'new_password',
  'currentPassword',
  'newPassword',
  'token',
  'accessToken',
  'refreshToken',
  'access_token',
  'refresh_token',
  'secret',
  'apiKey',
  'gatewayApiKey',
  'authorization',
  'cookie',
  'set-cookie',
  'x-api-key',
  'x-csrf-token',
]

const levelsDeep = 4

/** Every place down to `levelsDeep` where a secret name may stand, in pino's path syntax. */
function redactionPaths(names: readonly string[]): string[] {
  return names.flatMap((name) =>
    Array.from({ length: levelsDeep }, (_, depth) =>
      `${'*.'.repeat(depth)}["${name}"]`.replaceAll('.[', '['),
    ),
  )
}

/** JSON lines on standard output, secrets masked. `destination` is for tests. */
export function createLogger(
  options: { level: LogLevel; secretFields?: readonly string[] },
  destination?: { write(line: string): void },
): Logger {
  return pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: {
        paths: redactionPaths([...new Set([...secretNames, ...(options.secretFields ?? [])])]),
        censor: '[secret]',
      },
    },
    destination ?? pino.destination({ fd: 1, sync: true }),
  )
}

/** For tests and one-off commands that print for themselves. */
export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLogger,
}

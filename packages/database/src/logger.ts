/** What this package needs of a logger: pino's signature, fields first and the sentence second. */
export interface DatabaseLogger {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** A logger for short-lived tools and tests that have nobody to tell. */
export const silentLogger: DatabaseLogger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
}

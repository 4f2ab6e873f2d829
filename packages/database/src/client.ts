/** The `pg` client that every connection of this package is made with. */
import { Client, type ClientConfig } from 'pg'
import { markConnectionError } from './errors.ts'
import { valueTypes } from './value-types.ts'

/**
 * Where to connect: a URL, or the parts of one. Passwords stay out of logs because `pg` hides the property.
 * `host` may be a folder, then its unix socket is used.
 */
export type ConnectionConfig = string | ClientConfig

/** Turns a URL or parts into parts that `pg` accepts, with this package's value types. */
export function clientConfig(connection: ConnectionConfig): ClientConfig {
  const parts = typeof connection === 'string' ? { connectionString: connection } : connection
  return { keepAlive: true, connectionTimeoutMillis: 5_000, ...parts, types: valueTypes }
}

/**
 * A client whose connection failures are recognised by `isConnectionError`.
 *
 * It always has an `error` listener: `pg-pool` removes its own while a client is checked out, and an `error` event that
 * nobody listens to would end the process exactly when PostgreSQL restarts. Whoever was waiting for a query still gets
 * the rejection, so nothing is hidden.
 */
export class MarkingClient extends Client {
  constructor(config?: string | ClientConfig) {
    super(config)
    this.on('error', markConnectionError)
  }

  override connect(): Promise<Client>
  override connect(callback: ((error: Error) => void) | ((error: null, client: Client) => void)): void
  override connect(
    callback?: ((error: Error) => void) | ((error: null, client: Client) => void),
  ): Promise<Client> | void {
    const connected = new Promise<Client>((resolve, reject) => {
      super.connect((error: Error | null) => {
        if (error) {
          markConnectionError(error)
          reject(error)
        } else resolve(this)
      })
    })
    if (!callback) return connected
    const report = callback as (error: Error | null, client?: Client) => void
    connected.then(
      () => report(null, this),
      (error: Error) => report(error),
    )
  }
}

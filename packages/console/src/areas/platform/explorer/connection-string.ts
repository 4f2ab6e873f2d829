import type { SqlAccess } from '@holdfast/contracts/builder/sql-access'

/**
 * The connection URI of libpq (PostgreSQL documentation, "Connection URIs"). A folder with a socket cannot stand where a
 * host does, so that it is a parameter.
 */
export function connectionString(
  { host, port, database, role }: Pick<SqlAccess, 'host' | 'port' | 'database' | 'role'>,
  password: string | null,
): string {
  const name = encodeURIComponent(database)
  const who = encodeURIComponent(role) + (password === null ? '' : `:${encodeURIComponent(password)}`)
  if (!host.startsWith('/')) {
    const place = host.includes(':') ? `[${host}]` : host
    return `postgresql://${who}@${place}:${port}/${name}`
  }
  return `postgresql://${who}@/${name}?host=${encodeURIComponent(host)}&port=${port}`
}

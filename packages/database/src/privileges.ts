/** Row-level security is the second fence around an organization's data, and superusers walk through it. */
import type { ClientBase } from 'pg'
import type { DatabaseLogger } from './logger.ts'

/** Logs one sentence when the role of this connection ignores row-level security. */
export async function warnWhenRowSecurityIsBypassed(
  client: ClientBase,
  logger: DatabaseLogger,
): Promise<void> {
  const { rows } = await client.query<{ rolname: string; bypasses: boolean }>(
    'select rolname, rolsuper or rolbypassrls as bypasses from pg_roles where rolname = current_user',
  )
  const role = rows[0]
  if (!role?.bypasses) return
  logger.warn(
    { role: role.rolname },
    `The database role "${role.rolname}" is a superuser or has BYPASSRLS, so row-level security does not protect one ` +
      'organization from another. Create an ordinary role that owns the database and put it into DATABASE_URL.',
  )
}

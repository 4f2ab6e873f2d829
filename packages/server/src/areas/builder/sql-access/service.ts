import { createHash } from 'node:crypto'
import type { SqlAccess } from '@holdfast/contracts/builder/sql-access'
import { problem } from '@holdfast/contracts/problems'
import type { Database } from '@holdfast/database/database'
import type { Part } from '@holdfast/kernel/lifecycle'
import type { Logger } from '@holdfast/kernel/logger'
import { type Context, systemContext } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import type { Events } from '../../../work/events/service.ts'
import type { AuditLog } from '../../platform/audit/service.ts'
import type { Snapshots } from '../model.ts'
import { newPassword, scramVerifier } from './password.ts'
import type { SqlAccessRepo } from './repo.ts'
import { viewPlans } from './rules.ts'

/**
 * Reading records with SQL: a view for each collection, in a schema of its own, and a PostgreSQL role that may read these
 * views and nothing else. There is neither until an administrator asks for them.
 *
 * Invariants: the password is shown once and never sent to PostgreSQL in clear; what is hidden or kept for some groups is
 * in no view; the views follow the definitions of endpoints within seconds, whichever replica changed them.
 */
export interface SqlAccessService {
  get(ctx: Context): Promise<SqlAccess>
  /**
   * Makes what is missing, and gives the role a new password where the product may; null where it may not, and somebody
   * else has made the role. Throws database.sql_access_unavailable.
   */
  open(ctx: Context): Promise<SqlAccess & { password: string | null }>
  close(ctx: Context): Promise<void>
  /** Resolves when the views are those of the definitions in force. */
  settled(): Promise<void>
  part: Part
}

interface Needs {
  repo: SqlAccessRepo
  snapshots: Pick<Snapshots, 'current' | 'onChange'>
  database: Pick<Database<Tables>, 'transaction'>
  audit: Pick<AuditLog, 'append'>
  events: Pick<Events, 'append'>
  logger: Logger
}

export function createSqlAccess({
  repo,
  snapshots,
  database,
  audit,
  events,
  logger,
}: Needs): SqlAccessService {
  let following: Promise<void> = Promise.resolve()
  let unsubscribe: (() => void) | undefined

  const plan = () => {
    const plans = viewPlans([...snapshots.current().collections.values()])
    return { plans, mark: createHash('sha256').update(JSON.stringify(plans)).digest('hex') }
  }

  async function describe(ctx: Context, isOpen: boolean): Promise<SqlAccess> {
    const { database: name, role } = await repo.place(ctx)
    const views = plan().plans.map(({ name: view, path, columns, restWithoutKeys }) => ({
      name: view,
      path,
      columns: [
        { name: 'id', type: 'text' },
        ...columns.map(({ name: column, type }) => ({ name: column, type })),
        ...(restWithoutKeys === null ? [] : [{ name: 'data', type: 'jsonb' }]),
        { name: 'created_at', type: 'timestamptz' },
        { name: 'updated_at', type: 'timestamptz' },
      ],
    }))
    return { isOpen, ...repo.address, role, database: name, schema: repo.schema, views: isOpen ? views : [] }
  }

  /** Makes the views anew when there are some, of other definitions than now. */
  async function follow(): Promise<void> {
    const ctx = systemContext('sql access')
    const isCurrent = (mark: string | null) => mark === null || mark === plan().mark
    if (isCurrent(await repo.fingerprint(ctx))) return
    await database.transaction(ctx, async (tx) => {
      await repo.lock(tx)
      if (isCurrent(await repo.fingerprint(tx))) return
      const { role } = await repo.place(tx)
      const { exists, mayChange } = await repo.readerState(tx, role)
      if (!exists && !mayChange) throw noReader(role)
      // After a restore on another PostgreSQL. Nobody knows this password; who asks for one gets another.
      if (!exists) await repo.putRole(tx, role, false, scramVerifier(newPassword()))
      const { plans, mark } = plan()
      await repo.putViews(tx, role, plans, mark)
    })
  }

  /** One after the other; a failure is told, and the next change tries again. */
  function followSoon(): void {
    following = following.then(follow).catch((error: unknown) => {
      logger.error({ err: error }, 'The SQL views of records could not be made anew')
    })
  }

  return {
    get: async (ctx) => describe(ctx, (await repo.fingerprint(ctx)) !== null),

    open: async (ctx) => {
      const password = newPassword()
      const verifier = scramVerifier(password)
      return database.transaction(ctx, async (tx) => {
        await repo.lock(tx)
        const { role } = await repo.place(tx)
        const { exists, mayChange } = await repo.readerState(tx, role)
        if (!exists && !mayChange) throw noReader(role)
        if (mayChange) await repo.putRole(tx, role, exists, verifier)
        const { plans, mark } = plan()
        await repo.putViews(tx, role, plans, mark)
        await events.append(tx, { type: 'database.sql_access_opened', data: { role } })
        await audit.append(tx, { target: { type: 'sql_access', id: role }, details: { views: plans.length } })
        return { ...(await describe(tx, true)), password: mayChange ? password : null }
      })
    },

    close: (ctx) =>
      database.transaction(ctx, async (tx) => {
        await repo.lock(tx)
        const { role } = await repo.place(tx)
        await repo.remove(tx)
        await events.append(tx, { type: 'database.sql_access_closed', data: { role } })
        await audit.append(tx, { target: { type: 'sql_access', id: role } })
      }),

    settled: () => following,

    part: {
      name: 'sql access',
      async start() {
        unsubscribe = snapshots.onChange(followSoon)
        followSoon()
        await following
      },
      async stop() {
        unsubscribe?.()
        await following
      },
    },
  }
}

function noReader(role: string) {
  const name = `"${role.replaceAll('"', '""')}"`
  return problem('database.sql_access_unavailable', {
    sentence: `PostgreSQL has no role that may read, and this installation may not make one. Let its administrator run: create role ${name} login password '…';`,
    retryAfterSeconds: 60,
  })
}

import type { Names } from './names.ts'

export const migration = ({ table }: Names) => `create table ${table} (
  id uuid primary key,
  name text not null,
  created_at timestamptz(3) not null
);
create unique index ${table}_name on ${table} (lower(name));
`

export const repo = ({
  area,
  file,
  One,
  Many,
  many,
  table,
}: Names) => `import type { ${One}, ${One}Input } from '@holdfast/contracts/${area}/${file}'
import type { Database } from '@holdfast/database/database'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'

export type ${Many}Repo = ReturnType<typeof create${Many}Repo>

/** All SQL of ${many}. */
export function create${Many}Repo(database: Database<Tables>) {
  const select = (ctx: Context) =>
    database.of(ctx).selectFrom('${table}').select(['id', 'name', 'created_at as createdAt'])

  return {
    list: (ctx: Context): Promise<${One}[]> => select(ctx).orderBy('id').limit(1_000).execute(),

    find: (ctx: Context, id: string): Promise<${One} | undefined> =>
      select(ctx).where('id', '=', id).executeTakeFirst(),

    async insert(ctx: Context, id: string, { name }: ${One}Input, at: Date): Promise<void> {
      await database.of(ctx).insertInto('${table}').values({ id, name, created_at: at.toISOString() }).execute()
    },

    /** The removed row, or undefined when there was none. */
    remove: (ctx: Context, id: string): Promise<{ name: string } | undefined> =>
      database.of(ctx).deleteFrom('${table}').where('id', '=', id).returning('name').executeTakeFirst(),
  }
}
`

export const routes = ({
  area,
  file,
  One,
  Many,
  many,
  words,
}: Names) => `import { create${One}, delete${One}, get${One}, list${Many} } from '@holdfast/contracts/${area}/${file}'
import { done, success } from '@holdfast/contracts/kit/answer'
import { type BoundRoute, handle } from '../../../http/handle.ts'
import type { ${Many} } from './service.ts'

export function bind${Many}(${many}: ${Many}): BoundRoute[] {
  return [
    handle(list${Many}, async (ctx) => success(await ${many}.list(ctx))),
    handle(get${One}, async (ctx, { params }) => success(await ${many}.get(ctx, params.id))),
    handle(create${One}, async (ctx, { body }) => success(await ${many}.create(ctx, body))),
    handle(delete${One}, async (ctx, { params }) => {
      await ${many}.remove(ctx, params.id)
      return done('The ${words} was deleted')
    }),
  ]
}
`

export const service = ({
  area,
  file,
  table,
  One,
  Many,
  many,
  words,
  action,
}: Names) => `import type { ${One}, ${One}Input } from '@holdfast/contracts/${area}/${file}'
import { problem } from '@holdfast/contracts/problems'
import type { Database } from '@holdfast/database/database'
import { isUniqueViolation } from '@holdfast/database/errors'
import type { Clock } from '@holdfast/kernel/clock'
import type { Ids } from '@holdfast/kernel/id'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import type { Events } from '../../../work/events/service.ts'
import type { AuditLog } from '../../platform/audit/service.ts'
import type { ${Many}Repo } from './repo.ts'

/**
 * Everything that is done with a ${words}.
 *
 * Invariants: a name is unique without regard to case.
 * Events: ${action}.created, ${action}.deleted.
 */
export interface ${Many} {
  /** The oldest thousand. */
  list(ctx: Context): Promise<${One}[]>
  /** Throws ${many}.not_found. */
  get(ctx: Context, id: string): Promise<${One}>
  /** Throws ${many}.name_taken. */
  create(ctx: Context, input: ${One}Input): Promise<${One}>
  /** Throws ${many}.not_found. */
  remove(ctx: Context, id: string): Promise<void>
}

interface Needs {
  repo: ${Many}Repo
  database: Pick<Database<Tables>, 'transaction'>
  audit: Pick<AuditLog, 'append'>
  events: Pick<Events, 'append'>
  clock: Clock
  ids: Ids
}

export function create${Many}({ repo, database, audit, events, clock, ids }: Needs): ${Many} {
  async function get(ctx: Context, id: string): Promise<${One}> {
    const found = await repo.find(ctx, id)
    if (found === undefined) throw problem('${many}.not_found')
    return found
  }

  return {
    list: (ctx) => repo.list(ctx),
    get,

    async create(ctx, input) {
      try {
        return await database.transaction(ctx, async (tx) => {
          const id = ids.uuid()
          await repo.insert(tx, id, input, clock.now())
          await events.append(tx, { type: '${action}.created', data: { id, name: input.name } })
          await audit.append(tx, { target: { type: '${action}', id }, details: { name: input.name } })
          return get(tx, id)
        })
      } catch (error) {
        if (isUniqueViolation(error, '${table}_name')) throw problem('${many}.name_taken', { cause: error })
        throw error
      }
    },

    remove: (ctx, id) =>
      database.transaction(ctx, async (tx) => {
        const removed = await repo.remove(tx, id)
        if (removed === undefined) throw problem('${many}.not_found')
        await events.append(tx, { type: '${action}.deleted', data: { id } })
        await audit.append(tx, { target: { type: '${action}', id }, details: { name: removed.name } })
      }),
  }
}
`

export const moduleTest = ({
  Many,
  many,
  words,
  action,
}: Names) => `import { createServiceHarness } from '@holdfast/testkit/harness'
import { describe, expect, it } from 'vitest'
import { createEventsRepo } from '../../../work/events/repo.ts'
import { createEvents } from '../../../work/events/service.ts'
import { createAuditRepo } from '../../platform/audit/repo.ts'
import { createAuditLog } from '../../platform/audit/service.ts'
import { create${Many}Repo } from './repo.ts'
import { create${Many} } from './service.ts'

async function createHarness() {
  const harness = await createServiceHarness()
  const { database, clock, ids } = harness
  const audit = createAuditLog({ repo: createAuditRepo(database), database, clock, ids })
  const events = createEvents({ repo: createEventsRepo(database), clock, ids })
  const ${many} = create${Many}({ repo: create${Many}Repo(database), database, audit, events, clock, ids })
  const announced = async () =>
    (await database.kysely.selectFrom('events').select('type').execute()).map(({ type }) => type)
  return { ...harness, ${many}, announced }
}

describe('${many}', () => {
  it('a new ${words} is listed and announced', async () => {
    const { ${many}, as, announced } = await createHarness()
    const made = await ${many}.create(as('manage_users'), { name: 'First' })
    expect(await ${many}.list(as('view'))).toEqual([made])
    expect(await announced()).toEqual(['${action}.created'])
  })

  it('a name that differs only in case is refused and leaves no trace', async () => {
    const { ${many}, as, announced } = await createHarness()
    await ${many}.create(as('manage_users'), { name: 'First' })
    const again = ${many}.create(as('manage_users'), { name: 'FIRST' })
    await expect(again).rejects.toMatchObject({ code: '${many}.name_taken' })
    expect(await announced()).toEqual(['${action}.created'])
  })

  it('a removed ${words} is gone', async () => {
    const { ${many}, as } = await createHarness()
    const { id } = await ${many}.create(as('manage_users'), { name: 'First' })
    await ${many}.remove(as('manage_users'), id)
    await expect(${many}.get(as('view'), id)).rejects.toMatchObject({ code: '${many}.not_found' })
  })
})
`

import { sql } from 'kysely'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  type Database,
  isConnectionError,
  isUniqueViolation,
  openDatabase,
  type TransactionContext,
} from './database.ts'
import { silentLogger } from './logger.ts'
import { superuserName } from './managed/initialise.ts'
import { cloneDatabase, startTestPostgres, type TestDatabase } from './testing.ts'

interface Schema {
  notes: { id: number; organization_id: string | null; text: string }
}

let server: Awaited<ReturnType<typeof startTestPostgres>>
let clone: TestDatabase
let database: Database<Schema>

beforeAll(async () => {
  server = await startTestPostgres()
})
afterAll(() => server.stop())

beforeEach(async () => {
  clone = await cloneDatabase({ address: server.address })
  database = openDatabase<Schema>({ connection: clone.connectionConfig, logger: silentLogger })
  await database.pool.query(`
    create table notes (id integer primary key, organization_id text, text text not null);
    alter table notes enable row level security;
    alter table notes force row level security;
    create policy platform on notes using (coalesce(current_setting('app.organization_id', true), '') = '');
    create policy tenant on notes using (organization_id = current_setting('app.organization_id', true))`)
})
afterEach(async () => {
  await database.close()
  await clone.drop()
})

const texts = async (ctx = {}) =>
  (await database.of(ctx).selectFrom('notes').select('text').orderBy('id').execute()).map(({ text }) => text)
const insert = (
  ctx: Parameters<typeof database.of>[0],
  id: number,
  text: string,
  organization: string | null = null,
) => database.of(ctx).insertInto('notes').values({ id, text, organization_id: organization }).execute()

describe('closing', () => {
  it('does not wait for ever for who holds a connection, and leaves none open', async () => {
    const own = openDatabase<Schema>({
      connection: clone.connectionConfig,
      logger: silentLogger,
      closeWithinMs: 50,
      applicationName: 'held',
    })
    const holder = await own.pool.connect()
    const waiting = holder.query('select pg_sleep(60)').catch((error: unknown) => error)
    const idle = await own.pool.connect()
    await own.close()
    expect(isConnectionError(await waiting)).toBe(true)
    holder.release()
    idle.release()
    const held = () =>
      database.pool.query(`select 1 from pg_stat_activity where application_name = 'held' and state = 'idle'`)
    await expect.poll(async () => (await held()).rows).toEqual([])
  })

  it('lets a transaction that is under way come to its end', async () => {
    const own = openDatabase<Schema>({ connection: clone.connectionConfig, logger: silentLogger })
    let begun = () => {}
    const hasBegun = new Promise<void>((resolve) => (begun = resolve))
    const transaction = own.transaction({}, async (tx) => {
      begun()
      await sql`select pg_sleep(0.1)`.execute(own.of(tx))
      await own.of(tx).insertInto('notes').values({ id: 1, text: 'kept', organization_id: null }).execute()
    })
    await hasBegun
    await Promise.all([own.close(), transaction])
    expect(await texts()).toEqual(['kept'])
  })
})

describe('values', () => {
  it('timestamps are ISO strings in UTC, cut to milliseconds, whatever the session says', async () => {
    const { rows } = await database.pool.query(`
      select '2026-01-02 03:04:05.678999+00'::timestamptz a, '2026-01-02 05:04:05+02'::timestamptz b,
             'infinity'::timestamptz c, array['2026-01-02 03:04:05Z'::timestamptz, null] d, '2026-01-02'::date e`)
    expect(rows[0]).toEqual({
      a: '2026-01-02T03:04:05.678Z',
      b: '2026-01-02T03:04:05.000Z',
      c: 'infinity',
      d: ['2026-01-02T03:04:05.000Z', null],
      e: '2026-01-02',
    })
    const client = await database.pool.connect()
    await client.query("set time zone 'Asia/Kolkata'")
    const other = await client.query("select '2026-01-02 03:04:05.678Z'::timestamptz a")
    client.release(true)
    expect(other.rows[0]).toEqual({ a: '2026-01-02T03:04:05.678Z' })
  })

  it('64-bit integers are numbers, and one that a number cannot hold is refused', async () => {
    const { rows } = await database.pool.query(
      "select 9007199254740991 a, '{1,2}'::int8[] b, 1.10::numeric c",
    )
    expect(rows[0]).toEqual({ a: Number.MAX_SAFE_INTEGER, b: [1, 2], c: '1.10' })
    await expect(database.pool.query('select 9007199254740993::int8')).rejects.toThrow(
      'cannot be held exactly',
    )
  })
})

describe('transactions', () => {
  it('an error anywhere undoes everything, also what a joined one did', async () => {
    await expect(
      database.transaction({}, async (outer) => {
        await insert(outer, 1, 'outer')
        await database.transaction(outer, (inner) => insert(inner, 2, 'inner'))
        throw new Error('changed my mind')
      }),
    ).rejects.toThrow('changed my mind')
    expect(await texts()).toEqual([])
  })

  it('the context keeps its other fields and joined ones see what was written', async () => {
    const request: TransactionContext<Schema> & { requestId: string } = { requestId: 'r1' }
    const seen = await database.transaction(request, async (ctx) => {
      await insert(ctx, 1, 'one')
      return database.transaction(ctx, async (inner) => [inner.requestId, ...(await texts(inner))])
    })
    expect(seen).toEqual(['r1', 'one'])
  })

  it('what follows a commit runs after the outermost one, and never after a rollback', async () => {
    const order: string[] = []
    await database.transaction({}, async (outer) => {
      await database.transaction(outer, async (inner) => {
        await insert(inner, 1, 'one')
        await database.afterCommit(inner, async () => void order.push(`after: ${(await texts()).join()}`))
      })
      order.push('still inside')
    })
    expect(order).toEqual(['still inside', 'after: one'])
    const failing = database.transaction({}, async (ctx) => {
      await database.afterCommit(ctx, () => void order.push('never'))
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect(order).toHaveLength(2)
  })

  it('two that deadlock both succeed in the end, and hooks of the failed try do not run', async () => {
    await insert({}, 1, 'a')
    await insert({}, 2, 'b')
    let arrived = 0
    let release = () => {}
    const bothHoldOne = new Promise<void>((resolve) => {
      release = resolve
    })
    const hooks: number[] = []
    let tries = 0
    const touch = (first: number, second: number) =>
      database.transaction({}, async (ctx) => {
        tries += 1
        await database.afterCommit(ctx, () => void hooks.push(first))
        await sql`update notes set text = text || ${first}::text where id = ${first}`.execute(
          database.of(ctx),
        )
        arrived += 1
        if (arrived === 2) release()
        await bothHoldOne
        await sql`update notes set text = text || ${first}::text where id = ${second}`.execute(
          database.of(ctx),
        )
      })
    await Promise.all([touch(1, 2), touch(2, 1)])
    expect(tries).toBe(3)
    expect(hooks.sort((a, b) => a - b)).toEqual([1, 2])
    expect((await texts()).map((text) => text.slice(1).split('').sort().join(''))).toEqual(['12', '12'])
  })

  it('a unique violation is recognised by its constraint and is not run again', async () => {
    await insert({}, 1, 'a')
    const work = vi.fn<(ctx: Parameters<typeof database.of>[0]) => Promise<unknown>>((ctx) =>
      insert(ctx, 1, 'b'),
    )
    const error = await database.transaction({}, work).catch((caught: unknown) => caught)
    expect(isUniqueViolation(error, 'notes_pkey')).toBe(true)
    expect(isUniqueViolation(error, 'another')).toBe(false)
    expect(isConnectionError(error)).toBe(false)
    expect(work).toHaveBeenCalledTimes(1)
  })
})

describe('tenant', () => {
  const ctx = (
    organizationId: string | null,
  ): TransactionContext<Schema> & { organizationId: string | null } => ({
    organizationId,
  })

  it("sees its own organization's rows only, and cannot write another's", async () => {
    await database.tenant(ctx('one'), (inner) => insert(inner, 1, 'mine', 'one'))
    await database.tenant(ctx('two'), (inner) => insert(inner, 2, 'theirs', 'two'))
    expect(await database.tenant(ctx('one'), texts)).toEqual(['mine'])
    await expect(database.tenant(ctx('one'), (inner) => insert(inner, 3, 'x', 'two'))).rejects.toThrow(
      'row-level',
    )
  })

  it('without an organization is refused before anything is read', async () => {
    const work = vi.fn<() => Promise<string[]>>(() => texts())
    await expect(database.tenant(ctx(null), work)).rejects.toThrow('no organization')
    expect(work).not.toHaveBeenCalled()
  })

  it('ends with its scope, for the transaction it joined and for the next user of the connection', async () => {
    await database.tenant(ctx('one'), (inner) => insert(inner, 1, 'mine', 'one'))
    await insert({}, 2, 'platform')
    const seen = await database.transaction(ctx('two'), async (outer) => {
      const inside = await database.tenant(outer, texts)
      return { inside, outside: await texts(outer) }
    })
    expect(seen).toEqual({ inside: [], outside: ['mine', 'platform'] })
    expect(await texts()).toEqual(['mine', 'platform'])
  })
})

describe('notifications', () => {
  it('arrive when the transaction commits, and not when it rolls back', async () => {
    const received: (string | null)[] = []
    let arrived = () => {}
    const last = new Promise<void>((resolve) => {
      arrived = resolve
    })
    const stop = await database.listen('news', (payload) => {
      received.push(payload)
      if (payload === 'last') arrived()
    })
    await database.notify({}, 'other', 'not for us')
    await database
      .transaction({}, async (ctx) => {
        await database.notify(ctx, 'news', 'rolled back')
        throw new Error('no')
      })
      .catch(() => undefined)
    await database.transaction({}, (ctx) => database.notify(ctx, 'news', 'kept'))
    await database.notify({}, 'news', 'last')
    await last
    expect(received).toEqual(['kept', 'last'])
    await stop()
    await expect(database.notify({}, 'news', 'x'.repeat(8_000))).rejects.toThrow('8000 bytes')
  })

  it('whoever asks is told when all that was committed before has been handled here', async () => {
    const handled: string[] = []
    await database.caughtUp()
    await database.listen('news', async (payload) => {
      await database.health()
      handled.push(payload ?? '')
    })
    for (let round = 0; round < 20; round += 1) {
      await database.pool.query(`select pg_notify('news', 'text ' || $1)`, [round])
      await database.caughtUp()
      expect(handled).toHaveLength(round + 1)
    }
  })

  it('a broken connection is opened again, and every handler is told that it may have missed something', async () => {
    const received: (string | null)[] = []
    const handler = vi.fn<(payload: string | null) => void>((payload) => void received.push(payload))
    await database.listen('news', handler)
    const admin = new Client({ ...server.address, user: superuserName, database: 'postgres' })
    await admin.connect()
    await admin.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'holdfast-listen' and datname = $1`,
      [clone.connectionConfig.database],
    )
    await admin.end()
    await vi.waitFor(() => expect(received).toEqual([null]))
    await database.notify({}, 'news', 'again')
    await vi.waitFor(() => expect(received).toEqual([null, 'again']))
  })
})

describe('connection loss', () => {
  it('fails the query as a connection error, and the next one works without a restart', async () => {
    const error = await database.pool
      .query('select pg_terminate_backend(pg_backend_pid())')
      .catch((caught: unknown) => caught)
    expect(isConnectionError(error)).toBe(true)
    expect(await database.health()).toMatchObject({ ok: true })
  })

  it('a server that is not there is a connection error and health says why', async () => {
    const absent = openDatabase({
      connection: { host: '/nonexistent', user: 'x', database: 'x' },
      logger: silentLogger,
    })
    const error = await absent.pool.query('select 1').catch((caught: unknown) => caught)
    expect(isConnectionError(error)).toBe(true)
    expect(isConnectionError(new Error('outer', { cause: error }))).toBe(true)
    expect(await absent.health()).toEqual({ ok: false, reason: expect.stringContaining('ENOENT') })
    await absent.close()
  })

  it('a missing file or a refused connection elsewhere is not taken for the database', () => {
    for (const code of ['ENOENT', 'ECONNREFUSED']) {
      expect(isConnectionError(Object.assign(new Error(`connect ${code}`), { code }))).toBe(false)
    }
  })
})

describe('privileges', () => {
  it('a role that row-level security does not bind is warned about once', async () => {
    const warn = vi.fn<(fields: object, message: string) => void>()
    const logger = { ...silentLogger, warn }
    const connection = { ...clone.connectionConfig, user: superuserName }
    const powerful = openDatabase({ connection, logger })
    await Promise.all([powerful.health(), powerful.health()])
    await powerful.close()
    expect(warn).toHaveBeenCalledTimes(1)
    expect(warn.mock.calls[0]?.[1]).toContain('row-level security does not protect')
  })
})

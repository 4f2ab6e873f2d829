import { randomBytes } from 'node:crypto'
import { createEnvelope, type MasterKey } from '@holdfast/kernel/crypto/envelope'
import { createIds } from '@holdfast/kernel/id'
import { createAsk } from '@holdfast/testkit/ask'
import { startTestServer, testMasterKey, type TestServer } from '@holdfast/testkit/harness'
import { turnOnMfa } from '@holdfast/testkit/second-factor'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createAuditRepo } from '../areas/platform/audit/repo.ts'
import { createAuditLog } from '../areas/platform/audit/service.ts'
import { systemContext } from '../context.ts'
import { type SealedColumn, sealedColumns } from './columns.ts'
import { createSealedRepo } from './repo.ts'
import { createRewrap } from './rewrap.ts'

const newKey: MasterKey = { id: 'newnewne', key: randomBytes(32) }
const columns: [string, SealedColumn][] = Object.entries(sealedColumns)

describe('a new master key', () => {
  let server: TestServer
  beforeEach(async () => {
    server = await startTestServer()
    await sealSomethingEverywhere()
  })
  afterEach(() => server.stop())

  /** Through the product where it has a way, else by hand. */
  async function sealSomethingEverywhere(): Promise<void> {
    const admin = await server.as('superAdmin')
    const ask = createAsk(server.url)
    const send = async (method: string, path: string, body: object) => {
      const answer = await ask(method, path, { body, headers: admin.headers })
      expect([path, answer.status < 300]).toEqual([path, true])
      return answer.body
    }
    await turnOnMfa(admin, server.clock)
    await send('PUT', '/api/secrets/SHOP_KEY', { value: 'of the shop' })
    for (const value of ['first', 'second'])
      await send('PUT', '/api/config', { key: 'shop.token', value, is_sensitive: true })
    const hook = { name: 'Hook', url: 'https://hook.example.com', events: ['user.created'] }
    const { data } = await send('POST', '/api/webhooks', {
      ...hook,
      customHeaders: { 'x-key': 'of the hook' },
    })
    await send('POST', `/api/webhooks/${data.id}/rotate-secret`, {})
    await server.database.transaction(systemContext('test'), (tx) =>
      server.platform.audit.checkpoints.sign(tx),
    )
    const envelope = createEnvelope([testMasterKey])
    const at = server.clock.now().toISOString()
    await kysely()
      .insertInto('audit_keys')
      .values({
        key_id: 'another',
        public_key_sealed: envelope.seal('of the audit', 'audit public key'),
        created_at: at,
      })
      .execute()
    await kysely()
      .insertInto('plugins')
      .values({
        id: 'plugin',
        name: 'Plugin',
        version: '1.0.0',
        manifest: '{}',
        state: 'registered',
        secret_sealed: envelope.seal('of the plugin', 'plugin secret'),
        config_sealed: envelope.seal('{}', 'plugin configuration'),
        created_at: at,
        updated_at: at,
      })
      .execute()
    await kysely()
      .insertInto('backups')
      .values({
        id: createIds(server.clock).uuid(),
        state: 'ready',
        origin: 'manual',
        file_name: 'x.tar.gz.age',
        encryption: 'passphrase',
        passphrase_sealed: envelope.seal('of the backup', 'backup passphrase'),
        location: 'disk',
        server: 'x',
        version: '1',
        created_at: at,
      })
      .execute()
  }

  const kysely = () => server.database.kysely

  function rewrap(...keys: [MasterKey, ...MasterKey[]]) {
    const { database, clock } = server
    const audit = createAuditLog({ repo: createAuditRepo(database), database, clock, ids: createIds(clock) })
    const masterKeyIds = keys.map(({ id }) => id)
    const repo = createSealedRepo(database)
    return createRewrap({ repo, envelope: createEnvelope(keys), masterKeyIds, database, audit }).run(
      systemContext('test'),
    )
  }

  /** Every sealed value of the database with what it says, looked for in every column there is. */
  async function sealedValues() {
    const { rows } = await sql<{ table: string; column: string }>`
      select table_name as "table", column_name as "column" from information_schema.columns
      where table_schema = 'public' and data_type = 'text'
    `.execute(kysely())
    const found: { place: string; sealed: string; name: string }[] = []
    for (const { table, column } of rows) {
      const listed = columns.find(([, own]) => own.table === table && own.column === column)?.[1]
      const name = listed === undefined ? sql`''` : sql`${sql.ref(listed.key[0])}::text`
      const values = await sql<{ sealed: string; name: string }>`
        select ${sql.ref(column)} as sealed, ${name} as name
        from ${sql.table(table)} where ${sql.ref(column)} like 'hf1.%' order by 2, 1
      `.execute(kysely())
      found.push(...values.rows.map((row) => ({ ...row, place: `${table}.${column}` })))
    }
    return found
  }

  function open(key: MasterKey, values: Awaited<ReturnType<typeof sealedValues>>): string[] {
    const envelope = createEnvelope([key])
    return values
      .map(({ place, sealed, name }) => {
        const column = columns.find(([, own]) => `${own.table}.${own.column}` === place)?.[1]
        if (column === undefined) throw new Error(`${place} is not listed as a sealed column.`)
        const { purpose } = column
        return `${place} ${envelope.open(sealed, typeof purpose === 'string' ? purpose : purpose(name))}`
      })
      .toSorted()
  }

  it('opens alone everything that the old one had sealed, once it was rewrapped', async () => {
    const before = await sealedValues()
    expect(new Set(before.map(({ place }) => place))).toEqual(
      new Set(columns.map(([, { table, column }]) => `${table}.${column}`)),
    )
    const { rewrapped, left } = await rewrap(newKey, testMasterKey)
    expect([rewrapped, left]).toEqual([before.length, []])
    expect(open(newKey, await sealedValues())).toEqual(open(testMasterKey, before))
    const entry = await kysely()
      .selectFrom('audit_entries')
      .select('details')
      .where('action', '=', 'secrets.rewrapped')
      .executeTakeFirstOrThrow()
    expect(entry.details).toMatchObject({ keyId: newKey.id, rewrapped: before.length })
  })

  it('may be asked for again: nothing changes any more', async () => {
    await rewrap(newKey, testMasterKey)
    const after = await sealedValues()
    expect((await rewrap(newKey, testMasterKey)).rewrapped).toBe(0)
    expect(await sealedValues()).toEqual(after)
  })

  it('goes past a damaged value, and says what is left of which key', async () => {
    const total = (await sealedValues()).length
    await kysely()
      .updateTable('plugins')
      .set({ config_sealed: `hf1.${testMasterKey.id}.AAAA.BBBB`, secret_sealed: 'hf1.lostlost.AAAA.BBBB' })
      .execute()
    const { rewrapped, left } = await rewrap(newKey, testMasterKey)
    expect(rewrapped).toBe(total - 2)
    expect(left).toEqual([
      { table: 'plugins', column: 'config_sealed', keyId: testMasterKey.id, count: 1 },
      { table: 'plugins', column: 'secret_sealed', keyId: 'lostlost', count: 1 },
    ])
  })
})

import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { createClient } from '@holdfast/contracts/kit/client'
import { createGroup } from '@holdfast/contracts/identity/groups'
import {
  type AuditVerdict,
  exportAudit,
  getAuditEntry,
  listAudit,
  listAuditCheckpoints,
  listAuditVerdicts,
  verifyAudit,
} from '@holdfast/contracts/platform/audit'
import { listNotifications } from '@holdfast/contracts/platform/notifications'
import { createEnvelope } from '@holdfast/kernel/crypto/envelope'
import { createSigner } from '@holdfast/kernel/crypto/signing'
import { startTestServer } from '@holdfast/testkit/harness'
import { until } from '@holdfast/testkit/until'
import { parse } from 'csv-parse/sync'
import { describe, expect, it, onTestFinished } from 'vitest'
import { systemContext } from '../../../context.ts'
import { verifyOffline } from './verification/offline.ts'

/** A server of its own with audited changes, and what the owner of its database may do to them. */
async function createHarness(environment: Record<string, string> = {}) {
  const server = await startTestServer(environment)
  onTestFinished(() => server.stop())
  const { client, headers } = await server.as('superAdmin')
  const { checkpoints, segments } = server.platform.audit
  async function write(...names: string[]): Promise<void> {
    for (const name of names) {
      server.clock.advance(1_000)
      await client.call(createGroup, { body: { name, permissions: ['view'] } })
    }
  }
  return {
    server,
    client,
    headers,
    segments,
    write,
    verify: async () => (await client.call(verifyAudit)) as AuditVerdict,
    sign: () => server.database.transaction(systemContext('test'), (tx) => checkpoints.sign(tx)),
    tamper: (statement: string) =>
      server.database.pool.query(`begin; alter table audit_entries disable trigger user; ${statement};
        alter table audit_entries enable trigger user; commit`),
    async exported(format: 'csv' | 'ndjson', query: Record<string, string> = {}): Promise<string> {
      return (await client.call(exportAudit, { query: { format, ...query } })).text()
    },
  }
}

/** Takes the end of the platform's chain away so that what is left is whole, and the checkpoints in the database too. */
const cutTail = (from: number) => `delete from audit_entries where sequence >= ${from};
  delete from audit_checkpoints;
  update audit_chains set sequence = ${from - 1}, head = (select hash from audit_entries
    where audit_entries.chain_id = audit_chains.id and audit_entries.sequence = ${from - 1})`

async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'audit-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  return directory
}

describe('verification', () => {
  it('says that an untouched trail is valid, and keeps what it said', async () => {
    const { write, verify, sign, client } = await createHarness()
    await write('one', 'two')
    await sign()
    const verdict = await verify()
    expect(verdict).toMatchObject({ valid: true, error: null, first_invalid_seq: null })
    expect(verdict.entries).toBeGreaterThanOrEqual(2)
    expect(verdict.chains[0]).toMatchObject({ organizationId: null })
    // The server signs by itself as well, when the test runs over the end of five minutes.
    expect(verdict.chains[0]?.checkpoints).toBeGreaterThanOrEqual(1)
    expect((await client.call(listAuditVerdicts)).data).toEqual([verdict])
  })

  it('names the entry that somebody edited', async () => {
    const { write, verify, tamper } = await createHarness()
    await write('one', 'two', 'three')
    await tamper(`update audit_entries set actor_name = 'somebody else' where sequence = 2`)
    expect(await verify()).toMatchObject({ valid: false, first_invalid_seq: 2 })
    expect((await verify()).error).toContain('Entry 2')
  })

  it('finds a tail that was cut together with every trace in the database, by the file outside it', async () => {
    const { write, verify, sign, tamper } = await createHarness()
    await write('one', 'two', 'three')
    await sign()
    await tamper(cutTail(3))
    expect(await verify()).toMatchObject({ valid: false, first_invalid_seq: 3 })
  })

  it('a checkpoint that another key signed counts for nothing', async () => {
    const { write, verify, sign, server } = await createHarness()
    await write('one')
    const [checkpoint] = await sign()
    const file = join(server.dataDirectory, 'audit/checkpoints.ndjson')
    await writeFile(file, `${JSON.stringify({ ...checkpoint, sequence: 900 })}\n{"cut short`)
    await server.database.pool.query('delete from audit_checkpoints')
    const verdict = await verify()
    expect(verdict.valid).toBe(true)
    expect(verdict.chains[0]?.checkpoints).toBe(0)
  })

  it('signs a head once, and shows it with the key to check it', async () => {
    const { write, sign, client } = await createHarness()
    await write('one')
    expect(await sign()).toHaveLength(1)
    expect(await sign()).toHaveLength(0)
    const { data } = await client.call(listAuditCheckpoints, { query: {} })
    expect(data.publicKey).toContain('BEGIN PUBLIC KEY')
    expect(data.checkpoints).toHaveLength(1)
    expect(data.checkpoints[0]?.keyId).toBe(data.keyId)
  })
})

describe('export', () => {
  it('is a table that no spreadsheet runs', async () => {
    const { write, exported } = await createHarness()
    await write('=1+1', '@cmd', '-2+3', 'plain')
    const rows = parse(await exported('csv', { action: 'group.created' }), { columns: true }) as Record<
      string,
      string
    >[]
    expect(rows).toHaveLength(4)
    for (const row of rows) for (const cell of Object.values(row)) expect(cell).not.toMatch(/^[=+@\t\r]/)
    expect(rows[0]?.details).toContain('=1+1')
  })

  it('verifies offline, and says so when it was edited, shortened or filtered', async () => {
    const { write, sign, exported, client, server } = await createHarness()
    await write('one', 'two', 'three')
    await sign()
    const directory = await temporaryDirectory()
    const at = (name: string) => join(directory, name)
    const { data } = await client.call(listAuditCheckpoints, { query: {} })
    await writeFile(at('key.pem'), data.publicKey)
    const proof = {
      checkpointsFile: join(server.dataDirectory, 'audit/checkpoints.ndjson'),
      publicKeyFile: at('key.pem'),
    }
    const text = await exported('ndjson')
    const check = async (content: string, more = proof) => {
      await writeFile(at('audit.ndjson'), content)
      return verifyOffline({ files: [at('audit.ndjson')], ...more })
    }
    const good = await check(text)
    expect(good.faults).toEqual([])
    expect(good.chains[0]?.from).toBe(1)
    expect(good.chains[0]?.checkpoints).toBeGreaterThanOrEqual(1)
    expect((await check(text.replace('"two"', '"TWO"'))).faults.join()).toContain('is not what was written')
    expect((await check(text.split('\n').slice(0, -2).join('\n'))).faults.join()).toContain('was signed')
    expect((await check(text.split('\n').toSpliced(1, 1).join('\n'))).faults.join()).toContain('is missing')
    await expect(check('{"hello":1}\n')).rejects.toThrow('line 1')
  })
})

describe('shipping', () => {
  it('brings checkpoints to a directory and to an address, again after it failed', async () => {
    const received: { name: unknown; text: string }[] = []
    let failures = 1
    const receiver = createServer((request, response) => {
      let text = ''
      request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      request.on('end', () => {
        failures -= 1
        if (failures < 0) received.push({ name: request.headers['x-audit-file'], text })
        response.writeHead(failures < 0 ? 204 : 503).end()
      })
    })
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void receiver.close())
    const directory = await temporaryDirectory()
    const address = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/audit?token=secret`
    const { write, server, client } = await createHarness({
      HOLDFAST_AUDIT_SHIP: `file://${directory}, ${address}`,
    })
    await write('one')
    for (const job of server.platform.audit.upkeep) await job.run(systemContext('test'), {})
    const [name = ''] = await until(async () => {
      const files = (await readdir(directory)).filter((file) => !file.endsWith('.part'))
      return files.length > 0 && files
    })
    const text = await readFile(join(directory, name), 'utf8')
    expect(JSON.parse(text.split('\n')[0] ?? '')).toMatchObject({ organizationId: null })
    await server.database.pool.query(`update graphile_worker._private_jobs set run_at = now()`)
    const copy = await until(() => received.find((file) => file.name === name))
    expect(copy.text).toBe(text)
    const { data } = await client.call(listAuditCheckpoints, { query: {} })
    expect(data.shippedTo.join()).not.toContain('secret')
  })
})

describe('sealing', () => {
  it('takes old entries into a verified file, and what is left still verifies', async () => {
    const { write, server, segments, verify, client } = await createHarness()
    await write('one', 'two', 'three')
    server.clock.advance(60_000)
    const before = server.clock.now()
    const { entries } = await verify()
    await write('four')
    expect(await segments.sealBefore(systemContext('test'), before)).toBe(entries)
    const verdict = await verify()
    expect(verdict).toMatchObject({ valid: true })
    expect(verdict.chains[0]).toMatchObject({ sealed: entries, entries: 2 })
    const { data, meta } = await client.call(listAudit, { query: {} })
    expect(data.map(({ action }) => action)).toEqual(['audit.sealed', 'group.created'])
    expect(meta.total).toBe(2)
    const directory = join(server.dataDirectory, 'audit/segments')
    const [file = ''] = await readdir(directory)
    expect(gunzipSync(await readFile(join(directory, file))).toString()).toContain('"one"')
    expect((await verifyOffline({ files: [join(directory, file)] })).faults).toEqual([])
  })

  it('a segment that nobody signed does not pass for one', async () => {
    const { write, server, segments, verify } = await createHarness()
    await write('one', 'two')
    server.clock.advance(1_000)
    await segments.sealBefore(systemContext('test'), server.clock.now())
    await server.database.pool.query(`update audit_segments set to_sequence = to_sequence + 1`)
    expect(await verify()).toMatchObject({ valid: false })
  })

  it('nothing is sealed that does not verify, and nothing leaves that is not sealed', async () => {
    const { write, server, segments, tamper } = await createHarness()
    await write('one', 'two')
    await tamper(`update audit_entries set action = 'group.drawn' where sequence = 1`)
    server.clock.advance(1_000)
    await expect(segments.sealBefore(systemContext('test'), server.clock.now())).rejects.toThrow('edited')
    await expect(server.database.pool.query('delete from audit_entries')).rejects.toThrow('cannot be changed')
  })
})

describe('several servers without a key in common', () => {
  it('each verifies what another one signed and sealed', async () => {
    const { write, server, segments, sign, headers } = await createHarness()
    await write('one', 'two')
    await sign()
    server.clock.advance(1_000)
    await segments.sealBefore(systemContext('test'), server.clock.now())
    const replica = await server.replica({ HOLDFAST_DATA: await temporaryDirectory() })
    onTestFinished(() => replica.stop())
    const other = createClient({ baseUrl: replica.url, headers: () => headers })
    const verdict = (await other.call(verifyAudit)) as AuditVerdict
    expect(verdict).toMatchObject({ valid: true, error: null })
    expect(verdict.chains[0]?.sealed).toBeGreaterThan(0)
    expect(verdict.chains[0]?.checkpoints).toBeGreaterThan(0)
    const { data } = await other.call(listAuditCheckpoints, { query: {} })
    expect(data.keys).toHaveLength(2)
    expect(data.keys[0]).toEqual({ keyId: data.keyId, publicKey: data.publicKey })
  })

  it('a key that only the owner of the database vouches for makes nothing count', async () => {
    const { write, server, segments, verify } = await createHarness()
    await write('one', 'two')
    server.clock.advance(1_000)
    await segments.sealBefore(systemContext('test'), server.clock.now())
    const forger = createSigner(randomBytes(32))
    const { pool } = server.database
    const envelope = createEnvelope([{ id: 'forgers0', key: randomBytes(32) }])
    await pool.query('delete from audit_keys')
    for (const text of [forger.publicKey, envelope.seal(forger.publicKey, 'audit public key')]) {
      const row = [forger.keyId, text, server.clock.now().toISOString()]
      await pool.query(
        'insert into audit_keys values ($1, $2, $3) on conflict (key_id) do update set public_key_sealed = $2',
        row,
      )
      await pool.query('update audit_segments set key_id = $1, signature = $2', [
        forger.keyId,
        forger.sign('whatever'),
      ])
      expect(await verify()).toMatchObject({
        valid: false,
        error: expect.stringContaining('none of the servers'),
      })
    }
  })
})

describe('the nightly verification', () => {
  it('tells of a broken trail wherever somebody may be looking, and is quiet about a whole one', async () => {
    const { write, tamper, server, client, headers } = await createHarness()
    await write('one', 'two')
    const night = async () => {
      for (const job of server.platform.audit.upkeep) await job.run(systemContext('test'), {})
      server.clock.advance(2_000)
      const events = await server.database.pool.query(
        `select data from events where type = 'audit.verification_failed'`,
      )
      const report = (await (await fetch(`${server.url}/health/detailed`)).json()) as {
        status: string
        checks: { audit: { status: string } }
      }
      const metrics = await (await fetch(`${server.url}/metrics`, { headers })).text()
      return {
        events: events.rows,
        notified: (await client.call(listNotifications, { query: {} })).data.map(({ kind }) => kind),
        health: [report.status, report.checks.audit.status],
        gauge: /^holdfast_audit_valid (\d)$/m.exec(metrics)?.[1],
      }
    }
    const quiet = { events: [], notified: [], health: ['healthy', 'pass'], gauge: '1' }
    expect(await night()).toEqual(quiet)
    await tamper(`update audit_entries set action = 'group.drawn' where sequence = 2`)
    expect(await night()).toEqual({
      events: [{ data: expect.objectContaining({ firstInvalidSequence: 2 }) }],
      notified: ['audit.verification_failed'],
      health: ['degraded', 'warn'],
      gauge: '0',
    })
  })
})

it('one entry can be looked at', async () => {
  const { write, client } = await createHarness()
  await write('one')
  const [entry] = (await client.call(listAudit, { query: { limit: 1 } })).data
  expect((await client.call(getAuditEntry, { params: { id: entry?.id ?? '' } })).data).toEqual(entry)
})

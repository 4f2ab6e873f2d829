import { createServiceHarness } from '@holdfast/testkit/harness'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createAuditRepo } from './repo.ts'
import { canonicalJson, factsAround, factsText, platformChainId } from './rules.ts'
import { createAuditLog, type NewAuditEntry } from './service.ts'
import { createAuditTrailRepo } from './trail/repo.ts'
import { createAuditTrail } from './trail/service.ts'
import { type Checkpoint, walkChain } from './verify.ts'

async function createHarness() {
  const harness = await createServiceHarness()
  const { database, clock, ids } = harness
  const repo = createAuditRepo(database)
  const audit = createAuditLog({ repo, database, clock, ids })
  const reader = createAuditTrail({ repo: createAuditTrailRepo(database) })
  const append = (entry: Partial<NewAuditEntry> = {}, ctx = harness.as()) => {
    clock.advance(1_000)
    return database.transaction(ctx, (tx) =>
      audit.append(tx, { target: { type: 'thing', id: '1' }, ...entry }),
    )
  }
  /** What somebody with the database's password can do. */
  const tamper = async (statement: string) => {
    await database.pool.query(`begin; alter table audit_entries disable trigger user; ${statement};
      alter table audit_entries enable trigger user; commit`)
  }
  const verify = async (checkpoints: Checkpoint[] = [], chainId = platformChainId) => {
    const head = await repo.headOf(chainId)
    const stored = head === undefined ? [] : [{ sequence: head.sequence, hash: head.head }]
    const { fault, entries } = await walkChain(repo.readChain(chainId), [...checkpoints, ...stored])
    return fault === null ? { ok: true, entries } : { ok: false, fault }
  }
  const checkpoint = async (): Promise<Checkpoint> => {
    const head = await repo.headOf(platformChainId)
    return { sequence: head?.sequence ?? 0, hash: head?.head ?? Buffer.alloc(32) }
  }
  return { ...harness, repo, audit, reader, append, tamper, verify, checkpoint }
}

describe('the audit chain', () => {
  it('the text that is hashed is the canonical JSON of the facts', () => {
    const any = fc.string({ unit: 'binary' })
    const orNull = fc.option(any)
    const facts = fc.record({
      chainId: any,
      sequence: fc.nat(),
      id: any,
      occurredAt: any,
      actorKind: any,
      actorId: orNull,
      actorName: any,
      action: any,
      targetType: any,
      targetId: orNull,
      result: any,
      requestId: any,
      ip: orNull,
      details: fc.jsonValue(),
    })
    fc.assert(
      fc.property(facts, (given) => {
        expect(factsText(given)).toBe(canonicalJson(given))
        const [before, after] = factsAround(given)
        expect(`${before}${given.sequence}${after}`).toBe(factsText(given))
      }),
    )
  })

  it('whatever is recorded, it reads back with the hash it was written with', async () => {
    const { append, verify } = await createHarness()
    const details = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ stringUnit: 'binary' }), {
      maxKeys: 5,
    })
    let entries = 0
    await fc.assert(
      fc.asyncProperty(details, fc.option(fc.string({ unit: 'binary' })), async (given, id) => {
        await append({ details: given, target: { type: 'thing', id } })
        entries += 1
      }),
      { numRuns: 60 },
    )
    expect(await verify()).toMatchObject({ ok: true, entries })
  })

  it('an entry cannot be changed or removed by a statement', async () => {
    const { append, database } = await createHarness()
    await append()
    await expect(database.pool.query(`update audit_entries set action = 'other'`)).rejects.toThrow(
      'cannot be changed',
    )
    await expect(database.pool.query('delete from audit_entries')).rejects.toThrow('cannot be changed')
    await expect(database.pool.query('truncate audit_entries')).rejects.toThrow('cannot be changed')
  })

  it('the first bad entry is named, wherever one is edited or removed', async () => {
    const { append, tamper, verify } = await createHarness()
    for (let count = 0; count < 6; count++) await append({ details: { count } })
    expect(await verify()).toMatchObject({ ok: true, entries: 6 })
    const columns = ['actor_name', 'action', 'target_type', 'target_id', 'result', 'request_id', 'ip']
    for (const [index, column] of columns.entries()) {
      const sequence = (index % 6) + 1
      await tamper(`update audit_entries set ${column} = ${column} || 'x' where sequence = ${sequence}`)
      expect(await verify()).toMatchObject({ ok: false, fault: { kind: 'edited', sequence } })
      await tamper(`update audit_entries set ${column} = left(${column}, -1) where sequence = ${sequence}`)
    }
    await tamper(`update audit_entries set details = '{}' where sequence = 5`)
    expect(await verify()).toMatchObject({ ok: false, fault: { kind: 'edited', sequence: 5 } })
    await tamper('delete from audit_entries where sequence = 3')
    expect(await verify()).toMatchObject({ ok: false, fault: { kind: 'removed', sequence: 3 } })
  })

  it('a cut tail is found, and with a checkpoint also when the head was cut with it', async () => {
    const { append, tamper, verify, checkpoint } = await createHarness()
    for (let count = 0; count < 5; count++) await append()
    const known = await checkpoint()
    await tamper('delete from audit_entries where sequence > 3')
    expect(await verify()).toMatchObject({ ok: false, fault: { kind: 'cut', sequence: 4 } })
    await tamper(`update audit_chains set sequence = 3,
      head = (select hash from audit_entries where audit_entries.chain_id = audit_chains.id and audit_entries.sequence = 3)`)
    expect(await verify()).toMatchObject({ ok: true, entries: 3 })
    expect(await verify([known])).toMatchObject({ ok: false, fault: { kind: 'cut', sequence: 4 } })
  })

  it('a tail that was rewritten with matching hashes is found by a checkpoint', async () => {
    const { append, tamper, verify, checkpoint } = await createHarness()
    await append({ details: { truth: true } })
    const early = await checkpoint()
    await append({ details: { truth: true } })
    await append({ details: { truth: true } })
    const late = await checkpoint()
    await tamper(`delete from audit_entries where sequence > 1; update audit_chains set sequence = 1,
      head = (select hash from audit_entries where audit_entries.chain_id = audit_chains.id and audit_entries.sequence = 1)`)
    await append({ details: { truth: false } })
    await append({ details: { truth: false } })
    expect(await verify()).toMatchObject({ ok: true, entries: 3 })
    expect(await verify([early])).toMatchObject({ ok: true, entries: 3 })
    expect(await verify([early, late])).toMatchObject({
      ok: false,
      fault: { kind: 'rewritten', sequence: 2 },
    })
  })

  it('entries that are written at the same time stand in one chain', async () => {
    const { append, verify } = await createHarness()
    await Promise.all(Array.from({ length: 20 }, () => append()))
    expect(await verify()).toMatchObject({ ok: true, entries: 20 })
  })

  it("an organization's chain is its own", async () => {
    const { append, verify, ids } = await createHarness()
    const organizationId = ids.uuid()
    await append()
    await append({ organizationId })
    expect(await verify([], organizationId)).toMatchObject({ ok: true, entries: 1 })
    expect(await verify()).toMatchObject({ ok: true, entries: 1 })
  })
})

describe('the audit trail', () => {
  it('is filtered by actor, action, target and time', async () => {
    const { append, reader, as, clock } = await createHarness()
    await append({ action: 'user.created', target: { type: 'user', id: 'a' } })
    clock.advance(1)
    const later = clock.now().toISOString()
    await append({ action: 'user.deleted', target: { type: 'user', id: 'a' } })
    await append({ action: 'group.created', target: { type: 'group', id: 'b' } })
    const list = async (query: object) =>
      (await reader.list(as(), { limit: 50, ...query })).entries.map(({ action }) => action)
    expect(await list({})).toEqual(['group.created', 'user.deleted', 'user.created'])
    expect(await list({ action: 'create,user.deleted' })).toEqual([
      'group.created',
      'user.deleted',
      'user.created',
    ])
    expect(await list({ action: 'created' })).toEqual(['group.created', 'user.created'])
    expect(await list({ target_type: 'user', since: later })).toEqual(['user.deleted'])
    expect(await list({ until: later })).toEqual(['user.created'])
    expect(await list({ actor: 'tester', target_id: 'b' })).toEqual(['group.created'])
    expect(await list({ actor: 'system' })).toEqual([])
    expect(await list({ actor: as().requestId })).toEqual([])
  })

  it('is read page by page with a cursor, each entry once, with the whole number', async () => {
    const { append, reader, as } = await createHarness()
    for (let count = 0; count < 7; count++) await append({ details: { count } })
    const seen: unknown[] = []
    let cursor: string | undefined
    do {
      const page = await reader.list(as(), { limit: 3, cursor })
      seen.push(...page.entries.map(({ details }) => details.count))
      expect(page.total).toBe(7)
      cursor = page.nextCursor ?? undefined
    } while (cursor !== undefined)
    expect(seen).toEqual([6, 5, 4, 3, 2, 1, 0])
    const skipped = await reader.list(as(), { limit: 2, offset: 5 })
    expect(skipped.entries.map(({ details }) => details.count)).toEqual([1, 0])
  })

  it('a cursor that is none, or one beside an offset, is refused', async () => {
    const { reader, as } = await createHarness()
    await expect(reader.list(as(), { limit: 1, cursor: 'nonsense' })).rejects.toMatchObject({
      code: 'request.invalid',
    })
    await expect(reader.list(as(), { limit: 1, cursor: 'x', offset: 0 })).rejects.toMatchObject({
      code: 'request.invalid',
    })
  })
})

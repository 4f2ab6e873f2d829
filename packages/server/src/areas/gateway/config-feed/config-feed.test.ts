import type { ConfigEntry } from '@holdfast/contracts/gateway/link'
import { emptySetDigest, setDigestText, withMember } from '@holdfast/kernel/crypto/set-digest'
import { createServiceHarness } from '@holdfast/testkit/harness'
import { until } from '@holdfast/testkit/until'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createConfigFeedRepo } from './repo.ts'
import { entityKey } from './rules.ts'
import { createConfigFeed, type EntityChange } from './service.ts'

async function createHarness() {
  const harness = await createServiceHarness()
  const { database, openAnother, clock, ids, as } = harness
  const feedOn = (own: typeof database) =>
    createConfigFeed({
      repo: createConfigFeedRepo(own),
      database: own,
      firstEntities: async ({ organizationId: id }) => [
        { kind: 'settings', id: id ?? '', value: { id, first: true } },
      ],
      clock,
    })
  const feed = feedOn(database)
  async function tenant(): Promise<string> {
    const id = ids.uuid()
    const at = clock.now().toISOString()
    await database.kysely
      .insertInto('organizations')
      .values({ id, name: 'Tenant', slug: id, created_at: at, updated_at: at })
      .execute()
    return id
  }
  const change = (organizationId: string, entries: readonly EntityChange[], own = { database, feed }) =>
    own.database.tenant({ ...as(), organizationId }, (tx) => own.feed.change(tx, entries))
  return { ...harness, feed, feedOn, openAnother, tenant, change }
}

const route = (id: string, value: object | null): EntityChange => ({ kind: 'route', id, value })

const digestOf = (entries: readonly ConfigEntry[]) =>
  setDigestText(
    entries.reduce(
      (digest, { kind, id, text }) => withMember(digest, [kind, id, text ?? '']),
      emptySetDigest,
    ),
  )

/** What a gateway does with a snapshot and the changes that follow. */
function applied(set: readonly ConfigEntry[], changes: readonly { entries: readonly ConfigEntry[] }[]) {
  const held = new Map(set.map((entry) => [entityKey(entry), entry]))
  for (const entry of changes.flatMap(({ entries }) => entries)) {
    if (entry.text === null) held.delete(entityKey(entry))
    else held.set(entityKey(entry), entry)
  }
  return [...held.values()].toSorted((a, b) => (entityKey(a) < entityKey(b) ? -1 : 1))
}

describe('revisions of a tenant', () => {
  it('whatever is changed: the checksum is that of the set, and changes lead from any revision to the newest', async () => {
    const { feed, tenant, change, as, ids } = await createHarness()
    const entityIds = Array.from({ length: 5 }, () => ids.uuid())
    const step = fc.array(
      fc.record({
        kind: fc.constantFrom('route' as const, 'service' as const),
        id: fc.constantFrom(...entityIds),
        value: fc.option(fc.record({ n: fc.integer({ min: 0, max: 3 }), s: fc.string({ maxLength: 3 }) })),
      }),
      { minLength: 0, maxLength: 4 },
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (history) => {
        const organizationId = await tenant()
        const seen = [await feed.snapshot(as(), organizationId)]
        for (const entries of history) {
          const revision = await change(organizationId, entries)
          const snapshot = await feed.snapshot(as(), organizationId)
          expect(snapshot.revision).toBe(revision)
          expect(snapshot.checksum).toBe(digestOf(snapshot.entries))
          seen.push(snapshot)
        }
        const newest = await feed.snapshot(as(), organizationId)
        for (const { revision, entries } of seen) {
          const changes = await feed.changesAfter(as(), organizationId, revision, 1_000)
          expect(changes?.map((each) => each.revision)).toEqual(
            Array.from({ length: newest.revision - revision }, (_, index) => revision + index + 1),
          )
          expect(applied(entries, changes ?? [])).toEqual(applied(newest.entries, []))
          expect(changes?.at(-1)?.checksum ?? newest.checksum).toBe(newest.checksum)
        }
      }),
      { numRuns: 25 },
    )
  })

  it('writers at the same time on two servers make revisions without a gap', async () => {
    const { database, feed, feedOn, openAnother, tenant, change, as, ids } = await createHarness()
    const theirs = openAnother()
    onTestFinished(() => theirs.close())
    const servers = [
      { database, feed },
      { database: theirs, feed: feedOn(theirs) },
    ]
    const organizationId = await tenant()
    const revisions = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        change(organizationId, [route(ids.uuid(), { index })], servers[index % 2]),
      ),
    )
    expect(revisions.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index + 2))
    const { entries, checksum } = await feed.snapshot(as(), organizationId)
    expect(entries).toHaveLength(21)
    expect(checksum).toBe(digestOf(entries))
  })

  it('a change that rolled back leaves no gap, and one that changes nothing no revision', async () => {
    const { database, feed, tenant, change, as, ids } = await createHarness()
    const organizationId = await tenant()
    const id = ids.uuid()
    expect(await change(organizationId, [route(id, { n: 1 })])).toBe(2)
    const rolledBack = database.tenant({ ...as(), organizationId }, async (tx) => {
      await feed.change(tx, [route(id, { n: 2 })])
      throw new Error('rolled back')
    })
    await expect(rolledBack).rejects.toThrow('rolled back')
    expect(await change(organizationId, [route(id, { n: 1 })])).toBe(2)
    expect(await change(organizationId, [route(id, { n: 3 })])).toBe(3)
  })

  it('the first revision has what a gateway must know before anybody has configured anything', async () => {
    const { feed, tenant, as } = await createHarness()
    const organizationId = await tenant()
    const { revision, entries } = await feed.snapshot(as(), organizationId)
    expect([revision, entries.map(({ kind, id }) => [kind, id])]).toEqual([1, [['settings', organizationId]]])
    expect(await feed.current(as(), organizationId)).toMatchObject({ revision: 1 })
  })

  it('who comes from a revision that is not of this past, not kept, or followed by too much gets none', async () => {
    const { database, feed, tenant, change, as, ids, clock } = await createHarness()
    const organizationId = await tenant()
    await change(organizationId, [route(ids.uuid(), { n: 1 })])
    expect(await feed.changesAfter(as(), organizationId, 3, 10)).toBeNull()
    expect(await feed.changesAfter(as(), organizationId, 2, 10)).toEqual([])
    await change(organizationId, [route(ids.uuid(), { text: 'x'.repeat(1_100_000) })])
    expect(await feed.changesAfter(as(), organizationId, 2, 10)).toBeNull()
    const revision = await change(organizationId, [route(ids.uuid(), { n: 2 })])
    expect(await feed.changesAfter(as(), organizationId, 3, 10)).toMatchObject([{ revision }])
    // As if it had been changed very often, long ago.
    await database.tenant({ ...as(), organizationId }, ({ tx }) =>
      tx.updateTable('gateway_configs').set({ revision: 20_000 }).execute(),
    )
    clock.advance(8 * 86_400_000)
    await change(organizationId, [route(ids.uuid(), { n: 3 })])
    expect(await feed.changesAfter(as(), organizationId, 3, 10)).toBeNull()
    expect(await feed.changesAfter(as(), organizationId, 20_000, 10)).toHaveLength(1)
  })

  it('much at once is read in pieces, each of which leads on', async () => {
    const { feed, tenant, change, as, ids } = await createHarness()
    const organizationId = await tenant()
    for (let n = 0; n < 5; n += 1)
      await change(organizationId, [route(ids.uuid(), { text: 'x'.repeat(900_000), n })])
    const pieces: number[] = []
    let at = 1
    while (at < 6) {
      const changes = (await feed.changesAfter(as(), organizationId, at, 500)) ?? []
      pieces.push(changes.length)
      at = changes.at(-1)?.revision ?? 6
    }
    expect(at).toBe(6)
    expect(pieces.length).toBeGreaterThan(1)
  })

  it('every server hears of a commit, and none of what rolled back', async () => {
    const { database, feed, feedOn, openAnother, tenant, change, as, ids } = await createHarness()
    const theirs = openAnother()
    onTestFinished(() => theirs.close())
    const feeds = [feed, feedOn(theirs)]
    const heard: (string | null)[][] = [[], []]
    for (const [index, each] of feeds.entries()) {
      each.subscribe((id) => void heard[index]?.push(id))
      await each.part.start?.()
      onTestFinished(() => each.part.stop?.())
    }
    const [silent, loud] = [await tenant(), await tenant()]
    await feed.current(as(), loud)
    await until(() => heard.every((list) => list.length === 1))
    const rolledBack = database.tenant({ ...as(), organizationId: silent }, async (tx) => {
      await feed.change(tx, [route(ids.uuid(), {})])
      throw new Error('rolled back')
    })
    await expect(rolledBack).rejects.toThrow('rolled back')
    await change(loud, [route(ids.uuid(), {})])
    await until(() => heard.every((list) => list.length === 2))
    expect(heard).toEqual([
      [loud, loud],
      [loud, loud],
    ])
  })

  it('one tenant sees nothing of another, nor does who has none', async () => {
    const { database, tenant, change, as, ids } = await createHarness()
    const [mine, theirs] = [await tenant(), await tenant()]
    await change(theirs, [route(ids.uuid(), { secret: true })])
    const counts = await database.tenant({ ...as(), organizationId: mine }, async ({ tx }) => [
      await tx.selectFrom('gateway_entities').selectAll().execute(),
      await tx.selectFrom('gateway_changes').selectAll().execute(),
      await tx.selectFrom('gateway_configs').selectAll().execute(),
    ])
    expect(counts).toEqual([[], [], []])
    expect(await database.kysely.selectFrom('gateway_entities').selectAll().execute()).toEqual([])
  })
})

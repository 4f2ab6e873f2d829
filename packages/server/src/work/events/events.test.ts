import { catalogue } from '@holdfast/kernel/catalogue'
import { systemClock } from '@holdfast/kernel/clock'
import { silentLogger } from '@holdfast/kernel/logger'
import { createServiceHarness } from '@holdfast/testkit/harness'
import { until } from '@holdfast/testkit/until'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createConsumerRepo } from './delivery/repo.ts'
import { createEventConsumers, type EventConsumer } from './delivery/consumers.ts'
import { createEventFeed } from './delivery/feed.ts'
import { createEventsRepo } from './repo.ts'
import { createEvents } from './service.ts'
import { createEventUpkeep } from './delivery/upkeep.ts'

async function createHarness() {
  const harness = await createServiceHarness()
  const { database, clock, ids } = harness
  const events = createEvents({ repo: createEventsRepo(database), clock, ids })
  const repo = createConsumerRepo(database)
  const append = (name: string) =>
    database.transaction(harness.as(), (tx) => events.append(tx, { type: 'group.updated', data: { name } }))

  /** One server's runner of these consumers. */
  async function serve(...consumers: EventConsumer[]) {
    const part = createEventConsumers({
      repo,
      consumers: catalogue('event consumer', consumers),
      holder: ids.uuid(),
      clock: systemClock,
      logger: silentLogger,
    })
    await part.start?.()
    onTestFinished(() => part.stop?.())
    return part
  }
  return { ...harness, events, repo, append, serve }
}

function collecting(name = 'collector', types: EventConsumer['types'] = 'all') {
  const seen: unknown[] = []
  const consumer: EventConsumer = {
    name,
    types,
    handle: async (_ctx, event) => void seen.push(event.data.name),
  }
  return { seen, consumer }
}

describe('event consumers', () => {
  it('every consumer gets every event of its types, once and in order', async () => {
    const { serve, append } = await createHarness()
    const all = collecting('all')
    const other = collecting('other', ['group.deleted'])
    await serve(all.consumer, other.consumer)
    const names = Array.from({ length: 250 }, (_, index) => String(index))
    for (const name of names) await append(name)
    await until(() => all.seen.length >= names.length)
    expect(all.seen).toEqual(names)
    expect(other.seen).toEqual([])
  })

  it('an event of a slow transaction is not passed over by a faster one', async () => {
    const { serve, append, database, events, as } = await createHarness()
    const { seen, consumer } = collecting()
    await serve(consumer)
    const slow = Promise.withResolvers<void>()
    const written = Promise.withResolvers<void>()
    const transaction = database.transaction(as(), async (tx) => {
      await events.append(tx, { type: 'group.updated', data: { name: 'slow' } })
      written.resolve()
      await slow.promise
    })
    await written.promise
    await append('fast')
    slow.resolve()
    await transaction
    await until(() => seen.length === 2)
    expect(seen).toEqual(['slow', 'fast'])
  })

  it('an event that could not be handled comes again, before those behind it', async () => {
    const { serve, append } = await createHarness()
    const seen: unknown[] = []
    let attempts = 0
    await serve({
      name: 'fragile',
      types: 'all',
      async handle(_ctx, event) {
        attempts += 1
        if (attempts === 1) throw new Error('not yet')
        seen.push(event.data.name)
      },
    })
    await append('first')
    await append('second')
    await until(() => seen.length === 2)
    expect(seen).toEqual(['first', 'second'])
    expect(attempts).toBe(3)
  })

  it('two servers share a consumer: each event is handled by one of them', async () => {
    const { serve, append } = await createHarness()
    const { seen, consumer } = collecting()
    await serve(consumer)
    await serve(consumer)
    const names = Array.from({ length: 50 }, (_, index) => String(index))
    await Promise.all(names.map(append))
    await until(() => seen.length >= names.length)
    expect(new Set(seen)).toEqual(new Set(names))
    expect(seen).toHaveLength(names.length)
  })

  it('while a server holds a consumer others leave it alone, and take over when its lease has run out', async () => {
    const { serve, append, database, repo, ids } = await createHarness()
    await repo.register('collector')
    await repo.lease('collector', ids.uuid(), 600_000)
    const { seen, consumer } = collecting()
    await serve(consumer)
    await append('waiting')
    await until(async () => (await repo.behind(['collector'])).some(({ waiting }) => !waiting))
    expect(seen).toEqual([])
    await database.kysely.updateTable('event_consumers').set({ lease_until: '-infinity' }).execute()
    await append('wake')
    await until(() => seen.length === 2)
    expect(seen).toEqual(['waiting', 'wake'])
  })

  it('after a restore into a new cluster nothing undelivered is lost', async () => {
    const { serve, append, database, repo } = await createHarness()
    await repo.register('collector')
    await append('before')
    // A restored dump carries the transaction ids of the cluster it was made on.
    await database.pool.query(`update events set transaction_id = '900000000000'`)
    await database.pool.query(`update event_consumers set transaction_id = '800000000000'`)
    const { seen, consumer } = collecting()
    await serve(consumer)
    await append('after')
    await until(() => seen.length === 2)
    expect(seen).toEqual(['before', 'after'])
  })

  it('two consumers of one name are refused', async () => {
    const { serve } = await createHarness()
    await expect(serve(collecting().consumer, collecting().consumer)).rejects.toThrow('declared twice')
  })
})

describe('event upkeep', () => {
  it('removes what is old and handled, and keeps what somebody still has to handle', async () => {
    const { serve, append, database, repo, clock } = await createHarness()
    const { seen, consumer } = collecting()
    await repo.register('behind')
    await append('handled')
    const part = await serve(consumer)
    await append('seen')
    // One that was still unfinished somewhere when the consumer came may be told as well.
    await until(() => seen.includes('seen'))
    await part.stop?.()
    clock.advance(10_000)
    const upkeep = (...consumers: string[]) => createEventUpkeep({ repo, consumers: () => consumers, clock })
    expect(await upkeep('collector', 'behind').expire(5_000)).toBe(0)
    expect(await upkeep('collector', 'behind').oldestUndeliveredSeconds()).toBe(10)
    // An event stays until no transaction is open that is older than it, in whichever database.
    let removed = 0
    await until(async () => (removed += await upkeep('collector').expire(5_000)) === 2)
    expect(await database.kysely.selectFrom('events').select('id').execute()).toEqual([])
    expect(await upkeep('collector').oldestUndeliveredSeconds()).toBe(0)
  })
})

describe('the event feed', () => {
  it('tells every server of each event once, at commit, though an older transaction is still open', async () => {
    const { append, database, events, repo, as } = await createHarness()
    const seen: unknown[][] = [[], []]
    for (const list of seen) {
      const feed = createEventFeed({ repo, clock: systemClock, logger: silentLogger })
      feed.subscribe(['group.updated'], (event) => void list.push(event?.data.name))
      await feed.part.start?.()
      onTestFinished(() => feed.part.stop?.())
    }
    const slow = Promise.withResolvers<void>()
    const written = Promise.withResolvers<void>()
    const transaction = database.transaction(as(), async (tx) => {
      await events.append(tx, { type: 'group.updated', data: { name: 'slow' } })
      written.resolve()
      await slow.promise
    })
    await written.promise
    await append('fast')
    await until(() => seen.every((list) => list.length === 1))
    slow.resolve()
    await transaction
    await until(() => seen.every((list) => list.length === 2))
    await append('last')
    await until(() => seen.every((list) => list.length >= 3))
    expect(seen).toEqual([
      ['fast', 'slow', 'last'],
      ['fast', 'slow', 'last'],
    ])
  })

  it('nothing is told of a transaction that rolled back', async () => {
    const { append, database, events, repo, as } = await createHarness()
    const feed = createEventFeed({ repo, clock: systemClock, logger: silentLogger })
    const seen: unknown[] = []
    feed.subscribe('all', (event) => void seen.push(event?.data.name))
    await feed.part.start?.()
    onTestFinished(() => feed.part.stop?.())
    const rolledBack = database.transaction(as(), async (tx) => {
      await events.append(tx, { type: 'group.updated', data: { name: 'never' } })
      throw new Error('rolled back')
    })
    await expect(rolledBack).rejects.toThrow('rolled back')
    await append('real')
    await until(() => seen.length > 0)
    expect(seen).toEqual(['real'])
  })
})

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { endpointField } from '../endpoints/fixtures.ts'
import {
  crud,
  type RecordServer,
  startRecordServer,
  testCollection,
  testUser,
} from '@holdfast/testkit/record-server'

const fields = [
  endpointField({ name: 'title', type: 'string' }),
  endpointField({ name: 'cost', type: 'number', readGroupIds: ['crew'] }),
]

interface ServerEvent {
  id: string
  event: string
  data: Record<string, unknown>
}

describe('live changes', () => {
  let server: RecordServer
  const notes = testCollection('/api/notes', fields)
  const members = testCollection('/api/members', fields)
  const owner = [
    endpointField({ name: 'owner', type: 'reference', refCollectionId: members.id, refEndpointId: null }),
  ]
  const cards = testCollection('/api/cards', owner)
  const endpoints = [
    ...crud(notes, fields),
    ...crud(members, fields, { accessType: 'authenticated' }),
    ...crud(cards, owner),
  ]
  beforeEach(async () => {
    server = await startRecordServer(endpoints)
    server.people.set('ann', testUser('ann', ['crew']))
  })
  afterEach(() => server.stop())

  async function listen(path: string, headers: Record<string, string> = {}) {
    const abort = new AbortController()
    const response = await fetch(server.url + path, {
      headers: { accept: 'text/event-stream', ...headers },
      signal: abort.signal,
    })
    const decoder = new TextDecoder()
    const reader = response.body!.getReader()
    let text = ''
    let ended = false
    /** The next events, or fewer when the stream ends. */
    async function next(count: number): Promise<ServerEvent[]> {
      const events: ServerEvent[] = []
      while (events.length < count && !ended) {
        const end = text.indexOf('\n\n')
        if (end >= 0) {
          const block = text.slice(0, end)
          text = text.slice(end + 2)
          const value = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1]
          if (value('event'))
            events.push({
              id: value('id') ?? '',
              event: value('event') ?? '',
              data: JSON.parse(value('data') ?? '{}'),
            })
          continue
        }
        const { value, done } = await reader.read()
        ended = done
        text += decoder.decode(value, { stream: true })
      }
      return events
    }
    return { response, next, close: () => abort.abort() }
  }
  const create = async (title: string, path = '/api/notes') =>
    (await server.call('POST', path, { body: { title }, token: 'ann' })).body.data

  it('a listener hears creates, changes and deletes, in order', async () => {
    const stream = await listen('/api/notes')
    expect(await stream.next(1)).toMatchObject([{ event: 'ready' }])
    const record = await create('one')
    expect(await stream.next(1)).toMatchObject([{ event: 'created', data: { id: record.id, title: 'one' } }])
    await server.call('PATCH', `/api/notes/${record.id}`, { body: { title: 'two' } })
    expect(await stream.next(1)).toMatchObject([{ event: 'updated', data: { title: 'two' } }])
    await server.call('DELETE', `/api/notes/${record.id}`)
    expect(await stream.next(1)).toMatchObject([{ event: 'deleted', data: { id: record.id } }])
    stream.close()
  })

  it('a listener with a filter hears of what it finds, and that a record has left it', async () => {
    const stream = await listen('/api/notes?filter[title][startsWith]=a&fields=title&sort=-title&page=3')
    await stream.next(1)
    await create('banana')
    const { id } = await create('apple')
    expect(await stream.next(1)).toMatchObject([{ event: 'created', data: { _id: id, id, title: 'apple' } }])
    await server.call('PATCH', `/api/notes/${id}`, { body: { title: 'avocado' } })
    const [changed] = await stream.next(1)
    expect([changed?.event, changed?.data]).toEqual(['updated', { _id: id, id, title: 'avocado' }])
    await server.call('PATCH', `/api/notes/${id}`, { body: { title: 'cherry' } })
    expect(await stream.next(1)).toMatchObject([{ event: 'deleted', data: { id } }])
    stream.close()
  })

  it('a listener who names what to expand gets it, and a name that leads nowhere is refused at once', async () => {
    const member = await create('Ann', '/api/members')
    const stream = await listen('/api/cards?populate=owner', { authorization: 'Bearer ann' })
    await stream.next(1)
    await server.call('POST', '/api/cards', { body: { owner: member.id } })
    expect(await stream.next(1)).toMatchObject([{ data: { owner: { id: member.id, title: 'Ann' } } }])
    stream.close()
    expect((await listen('/api/cards?populate=nobody')).response.status).toBe(400)
  })

  it('a filter cannot ask about a field of others, nor go on asking when the right to it is lost', async () => {
    const path = '/api/members?filter[cost][gt]=1'
    server.people.set('bob', testUser('bob'))
    expect((await listen(path, { authorization: 'Bearer bob' })).response.status).toBe(400)
    const stream = await listen(path, { authorization: 'Bearer ann' })
    await stream.next(1)
    await server.call('POST', '/api/members', { body: { title: 'dear', cost: 5 }, token: 'ann' })
    expect(await stream.next(1)).toMatchObject([{ event: 'created', data: { cost: 5 } }])
    server.people.set('crewmate', testUser('crewmate', ['crew']))
    server.people.set('ann', testUser('ann'))
    server.clock.advance(2_000)
    await server.call('POST', '/api/members', { body: { title: 'dearer', cost: 6 }, token: 'crewmate' })
    expect(await stream.next(1)).toEqual([])
  })

  it('after a break, Last-Event-ID brings what was missed, and nothing twice', async () => {
    const first = await listen('/api/notes')
    await first.next(1)
    await create('seen')
    const [seen] = await first.next(1)
    first.close()
    for (const title of ['missed 1', 'missed 2']) await create(title)
    await create('elsewhere', '/api/members')
    const second = await listen('/api/notes', { 'last-event-id': seen?.id ?? '' })
    const missed = (await second.next(3)).filter(({ event }) => event !== 'ready')
    expect(missed.map(({ data }) => data.title)).toEqual(['missed 1', 'missed 2'])
    await create('new')
    expect(await second.next(1)).toMatchObject([{ data: { title: 'new' } }])
    second.close()
  })

  it('of a list that came in one piece, only the rest is brought', async () => {
    const first = await listen('/api/notes')
    await first.next(1)
    await server.call('POST', '/api/notes', { body: [{ title: 'a' }, { title: 'b' }, { title: 'c' }] })
    const [a] = await first.next(1)
    first.close()
    const second = await listen('/api/notes', { 'last-event-id': a?.id ?? '' })
    const rest = (await second.next(3)).filter(({ event }) => event !== 'ready')
    expect(rest.map(({ data }) => data.title)).toEqual(['b', 'c'])
    second.close()
  })

  it('too long ago is answered with reset', async () => {
    const first = await listen('/api/notes')
    await first.next(1)
    await create('old')
    const [old] = await first.next(1)
    first.close()
    await create('older than a day')
    server.clock.advance(25 * 3_600_000)
    await create('marker')
    await server.module.sweeper.sweep()
    const second = await listen('/api/notes', { 'last-event-id': old?.id ?? '' })
    expect(await second.next(1)).toMatchObject([{ event: 'reset' }])
    second.close()
  })

  it('the list’s access rules hold for its listeners', async () => {
    expect((await listen('/api/members')).response.status).toBe(401)
    const stream = await listen('/api/members', { authorization: 'Bearer ann' })
    await stream.next(1)
    await create('for ann', '/api/members')
    expect(await stream.next(1)).toMatchObject([{ event: 'created' }])
    server.people.delete('ann')
    server.people.set('bob', testUser('bob'))
    server.clock.advance(2_000)
    await server.call('POST', '/api/members', { body: { title: 'after' }, token: 'bob' })
    expect(await stream.next(1)).toEqual([])
  })

  it('a field of a group is not told to others', async () => {
    const crew = await listen('/api/notes', { authorization: 'Bearer ann' })
    const others = await listen('/api/notes')
    await Promise.all([crew.next(1), others.next(1)])
    await server.call('POST', '/api/notes', { body: { title: 'x', cost: 5 }, token: 'ann' })
    expect((await crew.next(1))[0]?.data).toHaveProperty('cost', 5)
    expect((await others.next(1))[0]?.data).not.toHaveProperty('cost')
    crew.close()
    others.close()
  })

  it('a changed endpoint ends its streams', async () => {
    const stream = await listen('/api/notes')
    await stream.next(1)
    server.define(endpoints.map((endpoint) => (endpoint.collection === notes ? { ...endpoint } : endpoint)))
    expect(await stream.next(1)).toEqual([])
  })
})

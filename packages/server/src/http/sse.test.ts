import { until } from '@holdfast/testkit/until'
import { expect, it } from 'vitest'
import { lastEventId, type ServerSentEvent, sse } from './sse.ts'

async function* source(...events: ServerSentEvent[]) {
  yield* events
}

async function collect(stream: AsyncIterable<string | Uint8Array>): Promise<string> {
  let text = ''
  for await (const chunk of stream) text += String(chunk)
  return text
}

it('events go out with name, id and data, after the time to reconnect', async () => {
  const { contentType, body } = sse(
    source({ event: 'note', id: 7, data: { text: 'a\nb' } }, { data: 1 }),
    new AbortController().signal,
  )
  expect(contentType).toBe('text/event-stream')
  expect(await collect(body)).toBe('retry: 2000\n\nevent: note\nid: 7\ndata: {"text":"a\\nb"}\n\ndata: 1\n\n')
})

it('an id with a line break cannot begin another field', async () => {
  const text = await collect(
    sse(source({ id: '1\ndata: forged', data: null }), new AbortController().signal).body,
  )
  expect(text).toContain('id: 1 data: forged\ndata: null\n\n')
})

it('while nothing happens a comment keeps the connection, and the stream ends with its signal', async () => {
  const gone = new AbortController()
  let closed = false
  const silent: AsyncIterable<ServerSentEvent> = {
    [Symbol.asyncIterator]: () => ({
      next: () => new Promise(() => undefined),
      return: async () => {
        closed = true
        return { done: true, value: undefined }
      },
    }),
  }
  let text = ''
  const reading = (async () => {
    for await (const chunk of sse(silent, gone.signal, 5).body) text += String(chunk)
  })()
  await until(() => text.includes(': keep-alive\n\n: keep-alive\n\n'))
  gone.abort()
  await reading
  expect(closed).toBe(true)
})

it('no event is lost between the comments', async () => {
  let text = ''
  const commentsSoFar = () => text.split(': keep-alive').length
  async function* slow() {
    for (let count = 0; count < 5; count++) {
      const comments = commentsSoFar()
      await until(() => commentsSoFar() > comments)
      yield { data: count }
    }
  }
  for await (const chunk of sse(slow(), new AbortController().signal, 2).body) text += String(chunk)
  expect(text.match(/data: \d/g)).toEqual(['data: 0', 'data: 1', 'data: 2', 'data: 3', 'data: 4'])
})

it('a failure of the source ends the stream with that failure', async () => {
  // oxlint-disable-next-line require-yield
  async function* failing(): AsyncGenerator<ServerSentEvent> {
    throw new Error('gone')
  }
  await expect(collect(sse(failing(), new AbortController().signal).body)).rejects.toThrow('gone')
})

it('the id to resume after is the one the client names', () => {
  expect(lastEventId({ 'last-event-id': '12' })).toBe('12')
  expect(lastEventId({})).toBeNull()
})

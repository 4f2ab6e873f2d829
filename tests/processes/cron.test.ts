import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createRunningServer, type RunningServer, until } from './running-server.ts'

interface Run {
  id: string
  state: string
  trigger: string
  attempt: number
  scheduledFor: string
}

describe('cron runs when the server dies', () => {
  let server: RunningServer
  let token = ''
  beforeEach(async () => {
    server = await createRunningServer()
    await server.start()
  })
  afterEach(() => server.remove())

  async function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(server.url + path, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const answer = (await response.json()) as T
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${JSON.stringify(answer)}`)
    return answer
  }

  it('a run that SIGKILL cut off is marked lost, run again once, and none is forgotten or doubled', {
    timeout: 180_000,
  }, async () => {
    const login = { login: 'tester', password: 'Test-password-1' }
    ;({ token } = await ask<{ token: string }>('POST', '/api/auth/login', login))
    await server.defineEndpoint('/api/marks')
    const { data: job } = await ask<{ data: { id: string } }>('POST', '/api/cron', {
      name: 'Marks',
      schedule: '0 0 1 1 *',
      actionType: 'javascript',
      timeoutMs: 30_000,
      missedRuns: 'once',
      overlap: 'queue',
      javascriptCode: `async function run() {
        const marks = db.collection('/api/marks')
        await marks.create({ mark: 'begun' })
        const end = Date.now() + 2000
        while (Date.now() < end) {}
        await marks.create({ mark: 'ended' })
      }`,
    })
    const runs = async () => (await ask<{ data: Run[] }>('GET', `/api/cron/${job.id}/runs`)).data
    const marks = async () =>
      (await ask<{ data: { mark: string }[] }>('GET', '/api/marks?limit=100')).data.map(({ mark }) => mark)

    await ask('POST', `/api/cron/${job.id}/run`)
    await ask('POST', `/api/cron/${job.id}/run`)
    await until(async () => (await marks()).includes('begun'))
    await server.signal('SIGKILL')
    await server.start()
    await until(async () => (await runs()).filter(({ state }) => state === 'success').length === 2)

    const history = (await runs()).map(({ state, trigger, attempt }) => `${state} ${trigger} ${attempt}`)
    expect(history.toSorted()).toEqual(['lost manual 1', 'success manual 1', 'success repeat 2'])
    // The lost run had begun; the two that went well began and ended.
    expect((await marks()).toSorted()).toEqual(['begun', 'begun', 'begun', 'ended', 'ended'])
  })
})

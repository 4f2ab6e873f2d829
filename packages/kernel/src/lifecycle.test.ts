import { describe, expect, it } from 'vitest'
import { createLifecycle, type Part } from './lifecycle.ts'
import { silentLogger } from './logger.ts'

function createParts(...names: string[]) {
  const done: string[] = []
  const parts: Part[] = names.map((name) => ({
    name,
    start: async () => void done.push(`start ${name}`),
    stop: async () => void done.push(`stop ${name}`),
  }))
  return { parts, done }
}

const options = { logger: silentLogger, stopDeadlineMs: 1_000 }

describe('lifecycle', () => {
  it('starts in order and stops in reverse', async () => {
    const { parts, done } = createParts('database', 'jobs', 'http')
    const lifecycle = createLifecycle(parts, options)
    await lifecycle.start()
    expect(await lifecycle.stop()).toEqual([])
    expect(done).toEqual([
      'start database',
      'start jobs',
      'start http',
      'stop http',
      'stop jobs',
      'stop database',
    ])
  })

  it('a part that fails to start stops those that run, and no other', async () => {
    const { parts, done } = createParts('database', 'jobs', 'http')
    parts[1] = {
      name: 'jobs',
      start: () => Promise.reject(new Error('no queue')),
      stop: async () => void done.push('stop jobs'),
    }
    await expect(createLifecycle(parts, options).start()).rejects.toThrow('no queue')
    expect(done).toEqual(['start database', 'stop database'])
  })

  it('a part that fails to stop does not keep the others running', async () => {
    const { parts, done } = createParts('database', 'jobs')
    parts.push({ name: 'http', stop: () => Promise.reject(new Error('stuck')) })
    const errors: object[] = []
    const logger = { ...silentLogger, error: (facts: object) => void errors.push(facts) }
    const lifecycle = createLifecycle(parts, { ...options, logger })
    await lifecycle.start()
    expect(await lifecycle.stop()).toEqual([])
    expect(done.slice(-2)).toEqual(['stop jobs', 'stop database'])
    expect(errors).toMatchObject([{ part: 'http', err: { message: 'stuck' } }])
  })

  it('what does not stop by the deadline is named, and the rest still gets its chance', async () => {
    const { parts, done } = createParts('database')
    parts.push({ name: 'http', stop: () => new Promise(() => undefined) })
    const lifecycle = createLifecycle(parts, { ...options, stopDeadlineMs: 20 })
    await lifecycle.start()
    expect(await lifecycle.stop()).toEqual(['http'])
    expect(done).toContain('stop database')
  })

  it('a part that hangs leaves those behind it the time that they need', async () => {
    const stopped: string[] = []
    const after = (ms: number, name: string) =>
      new Promise<void>((resolve) => setTimeout(() => resolve(void stopped.push(name)), ms))
    const parts: Part[] = [
      { name: 'database', stop: () => after(10, 'database') },
      { name: 'jobs', stop: () => after(10, 'jobs') },
      { name: 'http', stop: () => new Promise(() => undefined) },
      { name: 'open requests', stop: () => new Promise(() => undefined), stopWithinMs: 20 },
    ]
    const lifecycle = createLifecycle(parts, { ...options, stopDeadlineMs: 400 })
    await lifecycle.start()
    expect(await lifecycle.stop()).toEqual(['open requests', 'http'])
    expect(stopped).toEqual(['jobs', 'database'])
  })

  it('stopping twice stops once', async () => {
    const { parts, done } = createParts('database')
    const lifecycle = createLifecycle(parts, options)
    await lifecycle.start()
    await Promise.all([lifecycle.stop(), lifecycle.stop()])
    expect(done).toEqual(['start database', 'stop database'])
  })
})

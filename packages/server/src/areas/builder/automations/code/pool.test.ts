import { silentLogger } from '@holdfast/kernel/logger'
import { afterAll, describe, expect, it } from 'vitest'
import { createCodePool, type HostCalls } from './pool.ts'
import { type CodeFailure, codeLimits, sandboxMemoryBytes } from './protocol.ts'

const pool = createCodePool({ logger: silentLogger, workersMax: 3 })
afterAll(() => pool.part.stop?.())

const noCalls: HostCalls = async (name) => {
  throw new Error(`There is no function ${name}.`)
}

/** Runs the body of a handler. */
function run(
  body: string,
  options: { argument?: unknown; calls?: HostCalls; wallMs?: number; cpuMs?: number } = {},
) {
  const { argument = {}, calls = noCalls, wallMs = 4_000, cpuMs = 300 } = options
  return pool.run({
    key: 'test',
    entry: 'handler',
    code: `async function handler(req, db) { ${body} }`,
    argument: JSON.stringify(argument),
    limits: { ...codeLimits, cpuMs },
    wallMs,
    calls,
  })
}

const valueOf = ({ result }: { result: string | null }) =>
  (JSON.parse(result ?? 'null') as { value?: unknown } | null)?.value

describe('user code', () => {
  it('gets its argument and answers a value, with what it wrote to the console', async () => {
    const outcome = await run(
      'console.log("seen", req.body); console.error(new Error("x").message); return { data: req.body.x + 1 }',
      {
        argument: { body: { x: 1 } },
      },
    )
    expect(outcome.error).toBeNull()
    expect(valueOf(outcome)).toEqual({ data: 2 })
    expect(outcome.console).toEqual([
      { level: 'log', text: 'seen {"x":1}' },
      { level: 'error', text: 'x' },
    ])
  })

  it('awaits what it calls, and can catch what is refused', async () => {
    const calls: HostCalls = async (name, values) => {
      if (name === 'db.create') throw new Error('Not today')
      return { name, values }
    }
    const outcome = await run(
      'const [a, b] = await Promise.all([db.find({ a: 1 }), db.create({}).catch((error) => error.message)]); return [a.values[1], b]',
      { calls },
    )
    expect(valueOf(outcome)).toEqual([{ a: 1 }, 'Not today'])
  })

  it('says where its author made the mistake', async () => {
    const { error } = await run('\n\n  throw new TypeError("wrong")')
    expect(error).toMatchObject({ failure: 'threw', message: 'TypeError: wrong' })
    expect(error?.stack).toContain('code.js:3')
  })

  it('has nothing of the machine it runs on', async () => {
    const names = [
      'process',
      'require',
      'module',
      'Buffer',
      'WebAssembly',
      'setTimeout',
      'Worker',
      'XMLHttpRequest',
      'std',
      'os',
      'navigator',
      'document',
      'postMessage',
      'parentPort',
    ]
    expect(
      valueOf(await run(`return ${JSON.stringify(names)}.filter((name) => name in globalThis)`)),
    ).toEqual([])
    const imported = await run('return import("node:fs").then(() => "loaded", () => "refused")')
    expect(valueOf(imported)).not.toBe('loaded')
  })

  it('finds nothing that an earlier run left behind', async () => {
    for (let turn = 0; turn < 6; turn += 1)
      expect(
        valueOf(
          await run(
            'const seen = globalThis.left; globalThis.left = 1; Array.prototype.left = 1; return seen ?? "clean"',
          ),
        ),
      ).toBe('clean')
  })
})

/** What an attack is, what it does, and how it ends. */
const attacks: [string, string, CodeFailure][] = [
  ['an endless loop', 'for (;;) {}', 'cpu'],
  ['an endless loop of awaits', 'for (;;) await null', 'cpu'],
  ['an endless loop that catches everything', 'for (;;) { try { for (;;) {} } catch {} }', 'cpu'],
  ['a chain of promises without an end', 'const on = () => Promise.resolve().then(on); return on()', 'cpu'],
  ['a getter that never returns', 'return { get value() { for (;;) {} } }', 'cpu'],
  ['a toJSON that never returns', 'return { toJSON() { for (;;) {} } }', 'cpu'],
  ['a regular expression that backtracks', 'return /^(a+)+$/.test("a".repeat(60) + "!")', 'cpu'],
  ['a promise that never resolves', 'await new Promise(() => {})', 'unsettled'],
  ['an array without an end', 'const all = []; for (;;) all.push(new ArrayBuffer(1e6))', 'memory'],
  ['one huge buffer', 'return new Uint8Array(2 ** 31 - 1).length', 'memory'],
  ['deep recursion', 'const dig = () => dig() + 1; return dig()', 'stack'],
  ['a huge result', 'return "x".repeat(9 * 1024 * 1024)', 'output'],
  ['a huge argument of a call', 'return fetch("x".repeat(9 * 1024 * 1024))', 'output'],
  [
    'more calls than a run may make at once',
    'return Promise.all(Array.from({ length: 100 }, () => db.find()))',
    'output',
  ],
  ['a cycle', 'const a = {}; a.a = a; return a', 'threw'],
  [
    'an error whose message cannot be read',
    'throw { get message() { throw 1 }, get stack() { for (;;) {} } }',
    'cpu',
  ],
]

describe('an attack costs its own run and nothing else', () => {
  it.each(attacks)('%s', async (_name, body, failure) => {
    const attack = run(body, { calls: async () => new Promise(() => undefined) })
    const others = await Promise.all([run('return 1'), run('return 2')])
    expect(others.map(valueOf)).toEqual([1, 2])
    const { error, durationMs } = await attack
    expect(error?.failure).toBe(failure)
    expect(durationMs).toBeLessThan(5_000)
    expect(valueOf(await run('return "well"'))).toBe('well')
  })

  it('has no more memory than it is given, also for what is caught', async () => {
    const outcome = await run(
      'const all = []; try { for (;;) all.push(new ArrayBuffer(1e6)) } catch { return all.length }',
      { cpuMs: 3_000 },
    )
    expect(valueOf(outcome)).toBeGreaterThan(20)
    expect(valueOf(outcome)).toBeLessThan(sandboxMemoryBytes / 1e6)
    expect(valueOf(await run('return new ArrayBuffer(2e7).byteLength'))).toBe(2e7)
  })

  it('a call that is never answered ends at the deadline, and is told so', async () => {
    let told: AbortSignal | undefined
    const outcome = await run('await db.find()', {
      wallMs: 150,
      calls: (_name, _values, signal) => {
        told = signal
        return new Promise(() => undefined)
      },
    })
    expect(outcome.error?.failure).toBe('timeout')
    expect(told?.aborted).toBe(true)
  })

  it('what replaces the built-ins of JavaScript fools itself alone', async () => {
    const outcome = await run(`
      Object.prototype.toJSON = () => ({ value: 'forged' }); Object.prototype.polluted = 1
      JSON.stringify = JSON.parse = () => '{}'; Promise.prototype.then = () => { throw 1 }
      globalThis.Error = globalThis.Promise = globalThis.String = undefined
      try { db.find = () => 1 } catch {}
      return 1`)
    expect({}).not.toHaveProperty('polluted')
    expect(outcome.console).toEqual([])
    expect(valueOf(await run('return Object.prototype.polluted ?? "clean"'))).toBe('clean')
  })

  it('a console that is flooded keeps its first lines and counts the others', async () => {
    const outcome = await run('for (let index = 0; index < 5000; index += 1) console.log("line " + index)', {
      cpuMs: 2_000,
    })
    expect(outcome.error).toBeNull()
    expect(outcome.console).toHaveLength(codeLimits.consoleLinesMax)
    expect(outcome.consoleDropped).toBe(5_000 - codeLimits.consoleLinesMax)
    const long = await run('for (let index = 0; index < 50; index += 1) console.log("x".repeat(1e6))', {
      cpuMs: 4_000,
    })
    expect(JSON.stringify(long.console).length).toBeLessThan(codeLimits.consoleLengthMax * 2)
  })

  it('slow runs of one kind leave room for others', async () => {
    const slow = Array.from({ length: 6 }, () =>
      pool.run({
        key: 'slow',
        entry: 'handler',
        code: 'async function handler(req, db) { await db.find() }',
        argument: '{}',
        limits: codeLimits,
        wallMs: 400,
        calls: () => new Promise(() => undefined),
      }),
    )
    const startedMs = performance.now()
    expect(valueOf(await run('return 1'))).toBe(1)
    expect(performance.now() - startedMs).toBeLessThan(2_000)
    expect((await Promise.all(slow)).map(({ error }) => error?.failure)).toEqual(Array(6).fill('timeout'))
  })

  it('many runs of one kind that wait leave room in the queue for others', async () => {
    const patient = createCodePool({ logger: silentLogger, workersMax: 3, waitMsMax: 60_000 })
    const slow = {
      key: 'flooded',
      entry: 'handler' as const,
      code: 'async function handler(req, db) { await db.find() }',
      argument: '{}',
      limits: codeLimits,
      wallMs: 60_000,
      calls: () => new Promise(() => undefined),
    }
    const over = new AbortController()
    const flood = Array.from({ length: 1_500 }, () => patient.run({ ...slow, signal: over.signal }))
    const settled = Promise.allSettled(flood)
    const quick = { ...slow, key: 'other', code: 'async function handler() { return "served" }' }
    expect(valueOf(await patient.run(quick))).toBe('served')
    over.abort()
    const refused = (await settled).filter(({ status }) => status === 'rejected')
    expect(refused.length).toBeGreaterThan(1_000)
    await patient.part.stop?.()
  })

  it('what one run passes through its calls is bounded altogether, and its answers are', async () => {
    const large = 'x'.repeat(1_500_000)
    const given = await run(
      'const text = "x".repeat(1500000); for (let turn = 0; turn < 100; turn += 1) await db.create(text)',
      { calls: async () => null, cpuMs: 20_000, wallMs: 20_000 },
    )
    expect(given.error).toMatchObject({
      failure: 'threw',
      message: expect.stringContaining('pass more data'),
    })
    let answers = 0
    const taken = await run('for (let turn = 0; turn < 100; turn += 1) await db.find()', {
      calls: async () => {
        answers += 1
        return large
      },
      cpuMs: 20_000,
      wallMs: 20_000,
    })
    expect(taken.error?.message).toContain('pass more data')
    expect(answers).toBeLessThan(30)
  })

  it('who waits longer than a run may wait is told to come back', async () => {
    const small = createCodePool({ logger: silentLogger, workersMax: 1, waitMsMax: 1_000 })
    const request = {
      key: 'k',
      entry: 'handler' as const,
      code: 'async function handler(req, db) { await db.find() }',
      argument: '{}',
      limits: codeLimits,
      wallMs: 3_000,
      calls: () => new Promise(() => undefined),
    }
    const first = small.run({ ...request, signal: AbortSignal.timeout(2_000) }).catch(() => undefined)
    await expect(small.run(request)).rejects.toMatchObject({ code: 'code.busy' })
    await small.part.stop?.()
    await first
  })
})

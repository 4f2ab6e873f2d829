import variant from '@jitl/quickjs-ng-wasmfile-release-sync'
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSHandle,
  type QuickJSWASMModule,
} from 'quickjs-emscripten-core'
import { prelude } from './prelude.ts'
import type { CodeError, CodeFailure, ConsoleLine, SandboxOutcome, SandboxRun } from './protocol.ts'

/** Where a call of `db`, `fetch` or `secrets` goes. It is answered with `Sandbox.answer`, later. */
export type CallOut = (call: number, name: string, text: string) => void

/** A QuickJS of its own for one run: memory, globals and promises of one never meet those of another. */
export interface Sandbox {
  /** Once only. Resolves when the function has answered, failed, or reached a limit. */
  run(run: SandboxRun): Promise<SandboxOutcome>
  /** The answer to a call; harmless when nobody waits for it any more. */
  answer(call: number, ok: boolean, text: string): void
  dispose(): void
}

/** QuickJS in a memory of its own. */
export interface LoadedQuickJs {
  module: QuickJSWASMModule
  /** Grows with what runs need, to its maximum, and never shrinks. */
  memory: SandboxMemory
}

interface SandboxMemory {
  readonly buffer: ArrayBuffer
  grow(pages: number): number
}

/** TypeScript declares WebAssembly for browsers only. */
const { WebAssembly } = globalThis as typeof globalThis & {
  WebAssembly: { Memory: new (size: { initial: number; maximum: number }) => SandboxMemory }
}

const pageBytes = 65_536
const initialPages = 256

/**
 * `memoryBytes` bounds everything in it together: what QuickJS itself counts as a runtime's memory is not what it takes,
 * because its allocator cannot say how large a block is in WebAssembly.
 */
export async function loadQuickJs(memoryBytes: number): Promise<LoadedQuickJs> {
  const maximum = Math.ceil(memoryBytes / pageBytes)
  const memory = new WebAssembly.Memory({ initial: initialPages, maximum })
  // Its types are those of the CommonJS build, which has the variant one level deeper than the module that is loaded.
  const base = 'default' in variant ? variant.default : variant
  return { module: await newQuickJSWASMModuleFromVariant(newVariant(base, { wasmMemory: memory })), memory }
}

const fileName = 'code.js'

/** Made before it is needed: reading the prelude is most of the cost of a run. */
export function createSandbox({ module, memory }: LoadedQuickJs, callOut: CallOut): Sandbox {
  const runtime = module.newRuntime()
  const vm = runtime.newContext()
  const lines: ConsoleLine[] = []
  const open = new Map<number, { answer: QuickJSHandle; refuse: QuickJSHandle }>()
  let limits: SandboxRun['limits'] | undefined
  let settle: ((result: string | null, error: CodeError | null) => void) | undefined
  let settled = false
  let consoleLength = 0
  let consoleDropped = 0
  let calls = 0
  let cpuSpentMs = 0
  let enteredMs = 0
  let outOfTime = false

  runtime.setInterruptHandler(() => {
    if (limits !== undefined && cpuSpentMs + performance.now() - enteredMs > limits.cpuMs) outOfTime = true
    return outOfTime
  })

  function end(result: string | null, error: CodeError | null): void {
    if (settled) return
    settled = true
    settle?.(result, error)
  }
  const fail = (failure: CodeFailure, message: string, more: Partial<CodeError> = {}) =>
    end(null, { failure, message, stack: '', status: null, code: null, ...more })

  /** Text that leaves the sandbox: measured before it is copied. */
  function leaving(handle: QuickJSHandle, lengthMax: number): string | null {
    const length = vm.getProp(handle, 'length').consume((value) => vm.getNumber(value))
    return length > lengthMax ? null : vm.getString(handle)
  }

  const host = {
    call: vm.newFunction('call', (name, values, answer, refuse) => {
      if (settled || limits === undefined) return
      const text = leaving(values, limits.callLengthMax)
      if (text === null) return fail('output', 'A call was given more data than may leave the sandbox.')
      calls += 1
      if (calls > limits.callsMax || open.size >= limits.callsOpenMax) {
        return fail(
          'output',
          `The code made more calls than the ${limits.callsMax} of one run, or more than ${limits.callsOpenMax} at once.`,
        )
      }
      open.set(calls, { answer: answer.dup(), refuse: refuse.dup() })
      callOut(calls, vm.getString(name), text)
    }),
    print: vm.newFunction('print', (level, text) => {
      if (limits === undefined) return
      const line = leaving(text, limits.consoleLengthMax - consoleLength)
      if (line === null || lines.length >= limits.consoleLinesMax) {
        consoleDropped += 1
        return
      }
      consoleLength += line.length
      lines.push({ level: vm.getString(level) as ConsoleLine['level'], text: line })
    }),
    done: vm.newFunction('done', (text) => {
      const result = leaving(text, limits?.resultLengthMax ?? 0)
      if (result === null) fail('output', 'The result is larger than an answer may be.')
      else end(result, null)
    }),
    failed: vm.newFunction('failed', (text) => thrown(vm.getString(text))),
  }

  /** `text` is what the prelude's `describe` says about an error. */
  function thrown(text: string): void {
    // Inside an async function the interruption itself arrives as the error of its promise.
    if (outOfTime) return tooSlow()
    const said = JSON.parse(text) as Omit<CodeError, 'failure'>
    end(null, { ...said, failure: failureOf(said.message) })
  }

  /** Everything that runs user code goes through here, so that its time is counted. */
  function enter(work: () => { error?: QuickJSHandle | undefined }): boolean {
    enteredMs = performance.now()
    try {
      const { error } = work()
      if (error === undefined) return true
      if (outOfTime) tooSlow()
      else describe(error)
      error.dispose()
      return false
    } finally {
      cpuSpentMs += performance.now() - enteredMs
    }
  }

  const tooSlow = () =>
    fail('cpu', `The code computed for longer than ${(limits?.cpuMs ?? 0) / 1_000} seconds and was stopped.`)

  function describe(error: QuickJSHandle): void {
    const described = vm.callFunction(describeError, vm.undefined, error)
    if (described.error === undefined) described.value.consume((value) => thrown(vm.getString(value)))
    else {
      described.error.dispose()
      fail(outOfTime ? 'cpu' : 'memory', 'The code used up its memory and was stopped.')
    }
  }

  /** Runs what became ready. When nothing is left that could go on, the promise of the function will never settle. */
  function proceed(): void {
    if (settled) return
    enter(() => {
      const jobs = runtime.executePendingJobs()
      if (jobs.error !== undefined) return jobs
      jobs.dispose()
      return {}
    })
    if (settled) return
    if (outOfTime) tooSlow()
    else if (open.size === 0 && !runtime.hasPendingJob())
      fail('unsettled', 'The function awaits something that never happens, so it would never end.')
  }

  const made = vm.unwrapResult(vm.evalCode(prelude, 'prelude.js'))
  const driver = vm.unwrapResult(
    vm.callFunction(made, vm.undefined, host.call, host.print, host.done, host.failed),
  )
  const start = vm.getProp(driver, 'start')
  const describeError = vm.getProp(driver, 'describe')
  for (const handle of [made, driver, ...Object.values(host)]) handle.dispose()

  function begin({ entry, code, argument }: SandboxRun): void {
    const isRead = enter(() => {
      const read = vm.evalCode(code, fileName)
      if (read.error === undefined) read.value.dispose()
      return read
    })
    if (!isRead) return
    const found = vm.unwrapResult(vm.evalCode(`typeof ${entry} === 'function' ? ${entry} : undefined`))
    if (vm.typeof(found) !== 'function') {
      found.dispose()
      return fail('missing_function', `The code must declare: ${declarationOf(entry)}`)
    }
    const given = vm.newString(argument)
    enter(() => {
      const begun = vm.callFunction(start, vm.undefined, found, given)
      if (begun.error === undefined) begun.value.dispose()
      return begun
    })
    given.dispose()
    found.dispose()
    proceed()
  }

  return {
    run: (run) =>
      new Promise((resolve) => {
        limits = run.limits
        runtime.setMaxStackSize(run.limits.stackBytes)
        settle = (result, error) =>
          resolve({ result, error, console: lines, consoleDropped, spent: isSpent(error, memory) })
        begin(run)
      }),
    answer(call, ok, text) {
      const waiting = open.get(call)
      if (waiting === undefined || settled) return
      open.delete(call)
      const given = vm.newString(text)
      enter(() => {
        const told = vm.callFunction(ok ? waiting.answer : waiting.refuse, vm.undefined, given)
        if (told.error === undefined) told.value.dispose()
        return told
      })
      for (const handle of [given, waiting.answer, waiting.refuse]) handle.dispose()
      proceed()
    },
    dispose() {
      for (const { answer, refuse } of open.values()) {
        answer.dispose()
        refuse.dispose()
      }
      start.dispose()
      describeError.dispose()
      vm.dispose()
      runtime.dispose()
    },
  }
}

export function declarationOf(entry: SandboxRun['entry']): string {
  return entry === 'handler' ? 'async function handler(req, db) { … }' : 'async function run() { … }'
}

function failureOf(message: string): CodeFailure {
  if (/out of memory/i.test(message)) return 'memory'
  if (/stack overflow|call stack size/i.test(message)) return 'stack'
  return message.startsWith('SyntaxError') ? 'syntax' : 'threw'
}

/**
 * After anything but an ordinary error the worker is replaced: its state is not worth trust. So it is when a run made the
 * memory grow a lot, because the next ones would have less of it.
 */
function isSpent(error: CodeError | null, memory: SandboxMemory): boolean {
  const isLarge = memory.buffer.byteLength > initialPages * pageBytes * 2
  return isLarge || (error !== null && !ordinary.has(error.failure))
}

const ordinary: ReadonlySet<CodeFailure> = new Set(['threw', 'syntax', 'missing_function', 'unsettled'])

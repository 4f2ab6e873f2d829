import type { CronRun } from '@holdfast/contracts/builder/automations/cron'
import { isProblem } from '@holdfast/contracts/kit/problem'
import { systemContext } from '../../../../context.ts'
import type { Outbound } from '../../../../outbound/client.ts'
import { OutboundError } from '../../../../outbound/errors.ts'
import type { RecordRuntime, Snapshot } from '../../model.ts'
import type { Operate } from '../../records/operations.ts'
import { createRecordCalls } from '../code/record-calls.ts'
import type { CodeRunner } from '../code/runner.ts'
import { createHttpAction } from './http-action.ts'
import type { CronOutcome, StoredCronJob } from './stored.ts'

/** Does what a cron job is for. Never throws: whatever goes wrong is its outcome. */
export type RunAction = (job: StoredCronJob, signal: AbortSignal) => Promise<Omit<CronOutcome, 'durationMs'>>

interface Needs {
  runner: CodeRunner
  outbound: Pick<Outbound, 'request'>
  openSecret(name: string): Promise<string>
  runtime: RecordRuntime
  snapshot: () => Snapshot
  operate: Operate
}

type Ended = Omit<CronOutcome, 'durationMs'>

const messageLengthMax = 500
const outputLengthMax = 32_768
/** Time inside the sandbox; a script that waits may take its whole deadline. */
const cpuMsMax = 10_000

export function createRunAction({
  runner,
  outbound,
  openSecret,
  runtime,
  snapshot,
  operate,
}: Needs): RunAction {
  const sendRequest = createHttpAction({ outbound, openSecret })
  const records = createRecordCalls({ snapshot, operate, own: null })

  async function javascript({ id, action, timeoutMs }: StoredCronJob, signal: AbortSignal): Promise<Ended> {
    const { value, error, console, consoleDropped } = await runner.run({
      key: id,
      entry: 'run',
      code: action.javascriptCode,
      argument: null,
      wallMs: timeoutMs,
      cpuMs: Math.min(timeoutMs, cpuMsMax),
      records,
      signal,
    })
    if (error !== null) {
      const shown = { failure: error.failure, message: error.message, stack: error.stack }
      return { ...failed(error.message), error: shown, console, consoleDropped }
    }
    return { ...succeeded(typeof value === 'string' ? value : '', value ?? null), console, consoleDropped }
  }

  async function http({ action, timeoutMs }: StoredCronJob, signal: AbortSignal): Promise<Ended> {
    const { status, body } = await sendRequest(action, { timeoutMs, signal })
    return answered(status, { status, body })
  }

  async function endpoint({ action, timeoutMs }: StoredCronJob, signal: AbortSignal): Promise<Ended> {
    const deadline = AbortSignal.timeout(timeoutMs)
    const both = AbortSignal.any([signal, deadline])
    const aborted = new Promise<never>((_resolve, reject) => {
      both.addEventListener('abort', () =>
        reject(new Error(`It was not done within ${timeoutMs / 1_000} seconds.`)),
      )
    })
    const { status, body } = await Promise.race([
      aborted,
      runtime.dispatch({
        ctx: systemContext('cron', both),
        method: action.endpointMethod,
        url: action.endpointPath,
        headers: {},
        body: action.endpointBody ?? undefined,
        ip: '127.0.0.1',
        applyNetworkAccess: false,
        asProduct: true,
        origin: 'cron',
      }),
    ])
    return answered(status, { status, body })
  }

  const actions = { javascript, http, endpoint }
  return async (job, signal) => {
    try {
      return await actions[job.action.actionType](job, signal)
    } catch (error) {
      const isExpected = error instanceof OutboundError || isProblem(error) || error instanceof Error
      return failed(isExpected ? error.message : 'The run failed for an unknown reason.')
    }
  }
}

const nothing = { error: null, console: [] as CronRun['console'], consoleDropped: 0 }

function succeeded(message: string, output: unknown): Ended {
  return {
    ...nothing,
    state: 'success',
    message: message.slice(0, messageLengthMax),
    output: bounded(output),
  }
}

function failed(message: string, output: unknown = null): Ended {
  return { ...nothing, state: 'error', message: message.slice(0, messageLengthMax), output: bounded(output) }
}

function answered(status: number, output: unknown): Ended {
  return status >= 200 && status < 300
    ? succeeded(`Answered ${status}`, output)
    : failed(`Answered ${status}`, output)
}

/** A large output is kept as the beginning of its text. */
function bounded(output: unknown): unknown {
  const text = JSON.stringify(output)
  return text === undefined || text.length <= outputLengthMax ? output : `${text.slice(0, outputLengthMax)}…`
}

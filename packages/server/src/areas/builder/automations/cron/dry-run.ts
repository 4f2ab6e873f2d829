import type { CodeDryRun } from '@holdfast/contracts/builder/code'
import type { Context } from '../../../../context.ts'
import type { Snapshot } from '../../model.ts'
import type { Rehearse } from '../../records/rehearsal.ts'
import { createRecordCalls } from '../code/record-calls.ts'
import type { CodeRunner } from '../code/runner.ts'
import { triedCode } from '../code/tried-code.ts'

interface Needs {
  /** Of the handlers: scripts that run for minutes must not keep who tries one waiting. */
  runner: CodeRunner
  rehearse: Rehearse
  snapshot: () => Snapshot
}

export type CronDryRun = ReturnType<typeof createCronDryRun>

/**
 * Runs code as a cron job would run it. What it does to records is rolled back; what it sends with `fetch` is sent.
 * Throws code.busy.
 */
export function createCronDryRun({ runner, rehearse, snapshot }: Needs) {
  return (ctx: Context, { code, timeoutMs }: { code: string; timeoutMs: number }): Promise<CodeDryRun> =>
    rehearse(async (operate) => {
      const result = await runner.run({
        key: 'dry run of cron jobs',
        entry: 'run',
        code,
        argument: null,
        wallMs: timeoutMs,
        records: createRecordCalls({ snapshot, operate, own: null }),
        signal: ctx.signal,
      })
      return triedCode(result)
    })
}

import type { CodeDryRun } from '@holdfast/contracts/builder/code'
import type { CodeResult } from './runner.ts'

/** What a dry run answers. */
export function triedCode({
  error,
  value,
  body,
  console,
  consoleDropped,
  durationMs,
}: CodeResult): CodeDryRun {
  return {
    ...(value !== undefined && { value }),
    ...(body !== undefined && { body }),
    error: error === null ? null : { failure: error.failure, message: error.message, stack: error.stack },
    console,
    consoleDropped,
    durationMs: Math.round(durationMs * 100) / 100,
  }
}

import { activityActions } from '@holdfast/contracts/platform/activity'
import type { Tone } from '../../ui/badge.tsx'

/** The words of this area; one place to translate. */

export const actionWords: Readonly<Record<string, string>> = activityActions

export const actionOptions = Object.entries(actionWords).map(([value, label]) => ({ value, label }))

/** How an HTTP status is shown. */
export function statusTone(status: number): Tone {
  if (status >= 500) return 'bad'
  return status >= 400 ? 'warn' : 'ok'
}

/** The ways that traffic comes in. */
export const sourceWords = {
  direct: 'Direct',
  api_key: 'API key',
  mcp: 'MCP',
  cron: 'Cron',
  system: 'The product',
} as const
export const sourceOptions = Object.entries(sourceWords).map(([value, label]) => ({ value, label }))

export const activityStatusOptions = [
  { value: 'ok', label: 'Went well' },
  { value: 'failed', label: 'Failed' },
]

/** Spans to look back over, in hours. */
export const spanOptions = [
  { value: '1', label: 'Last hour' },
  { value: '24', label: 'Last 24 hours' },
  { value: '168', label: 'Last 7 days' },
]

/** The states of an operation. */
export const operationWords = {
  queued: 'Waiting',
  running: 'Running',
  succeeded: 'Done',
  failed: 'Failed',
  cancelled: 'Canceled',
} as const

import type { CronRun } from '@holdfast/contracts/builder/automations/cron'
import type { ReactNode } from 'react'
import { Badge, type Tone } from '../../../ui/badge.tsx'
import { Duration, RelativeTime } from '../../../ui/values.tsx'
import { ConsoleLines } from './console-lines.tsx'

export interface ShownRun extends Pick<CronRun, 'console' | 'consoleDropped' | 'error'> {
  id: string
  state: CronRun['state']
  title: string
  at: string
  durationMs: number | null
  output?: unknown
}

const words: Record<CronRun['state'], { label: string; tone: Tone }> = {
  queued: { label: 'Waiting', tone: 'neutral' },
  running: { label: 'Running', tone: 'info' },
  success: { label: 'Success', tone: 'ok' },
  error: { label: 'Failed', tone: 'bad' },
  skipped: { label: 'Skipped', tone: 'warn' },
  lost: { label: 'Lost', tone: 'bad' },
}

/** Runs of code, newest first; each opens to its output. */
export function RunList({
  label,
  runs,
  empty,
}: {
  label: string
  runs: readonly ShownRun[]
  empty: ReactNode
}) {
  if (runs.length === 0) return <p className="text-sm text-ink-muted">{empty}</p>
  return (
    <ul aria-label={label} className="divide-y divide-line">
      {runs.map((run) => (
        <li key={run.id}>
          <details className="group py-2">
            <summary className="flex cursor-pointer flex-wrap items-center gap-2 text-sm">
              <Badge tone={words[run.state].tone} dot>
                {words[run.state].label}
              </Badge>
              <span className="min-w-0 flex-1 truncate">{run.title}</span>
              {run.durationMs !== null && (
                <span className="text-xs text-ink-subtle">
                  <Duration milliseconds={run.durationMs} />
                </span>
              )}
              <span className="text-xs text-ink-subtle">
                <RelativeTime at={run.at} />
              </span>
            </summary>
            <div className="mt-2 flex flex-col gap-2">
              <ConsoleLines {...run} />
              {run.output !== undefined && run.output !== null && (
                <pre className="overflow-x-auto rounded-md bg-sunken p-3 font-mono text-xs whitespace-pre-wrap">
                  {JSON.stringify(run.output, null, 2)}
                </pre>
              )}
            </div>
          </details>
        </li>
      ))}
    </ul>
  )
}

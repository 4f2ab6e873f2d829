import type { OperationState } from '@holdfast/contracts/platform/operations'
import { CircleCheck, CircleSlash, CircleX, Clock, LoaderCircle, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { classNames } from '../lib/class-names.ts'
import { Button } from './button.tsx'
import { ProblemNotice } from './problem-notice.tsx'
import { Progress } from './progress.tsx'
import { RelativeTime } from './values.tsx'

export interface OperationViewProps {
  title: string
  state: OperationState
  /** 0 to 1; null while the amount is unknown. */
  progress: number | null
  detail?: string
  /** ISO 8601. */
  startedAt: string
  problem?: unknown
  log?: readonly string[]
  onCancel?: () => void
  /** What can be done with the result: a download, a link. */
  children?: ReactNode
}

const looks: Record<OperationState, { word: string; icon: LucideIcon; className: string }> = {
  queued: { word: 'Waiting for its turn', icon: Clock, className: 'text-ink-subtle' },
  running: { word: 'Running', icon: LoaderCircle, className: 'animate-spin text-accent-ink' },
  succeeded: { word: 'Done', icon: CircleCheck, className: 'text-ok-ink' },
  failed: { word: 'Failed', icon: CircleX, className: 'text-bad-ink' },
  cancelled: { word: 'Canceled', icon: CircleSlash, className: 'text-ink-subtle' },
}

/** Slow work: how far it is, what it says, and a way to stop it. It goes on when the page is closed. */
export function OperationView(props: OperationViewProps) {
  const { title, state, progress, detail, log, onCancel } = props
  const active = state === 'queued' || state === 'running'
  const { icon: Icon, className } = looks[state]
  return (
    <section aria-label={title} className="flex flex-col gap-3 rounded-md border border-line bg-surface p-3">
      <div className="flex items-center gap-2">
        <Icon aria-hidden className={classNames('size-4 shrink-0', className)} />
        <p className="min-w-0 truncate text-sm font-medium">{title}</p>
        <span className="text-xs text-ink-subtle" role="status">
          {looks[state].word}
        </span>
        <span className="ml-auto text-xs text-ink-subtle">
          <RelativeTime at={props.startedAt} />
        </span>
        {active && onCancel && (
          <Button size="small" onClick={onCancel}>
            Cancel
          </Button>
        )}
      </div>
      {active && (
        <Progress
          label={state === 'queued' ? 'Queued' : 'Progress'}
          value={state === 'queued' ? null : progress}
          {...(detail ? { detail } : {})}
        />
      )}
      {state === 'failed' && props.problem !== undefined && <ProblemNotice problem={props.problem} />}
      {log && log.length > 0 && (
        <pre
          tabIndex={0}
          aria-label="Log"
          className="max-h-48 overflow-auto rounded-sm bg-sunken p-2 font-mono text-xs"
        >
          {log.join('\n')}
        </pre>
      )}
      {props.children}
    </section>
  )
}

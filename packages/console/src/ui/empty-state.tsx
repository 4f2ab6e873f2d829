import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import type { ApiRequest } from '../lib/snippets.ts'
import { baseUrl } from '../lib/base.ts'
import { writeSnippet } from '../lib/snippets.ts'
import { CodeBlock } from './code-block.tsx'

export interface EmptyStateProps {
  icon: LucideIcon
  title: string
  /** What the thing is for, in one or two sentences, for somebody who has never had one. */
  children: ReactNode
  action?: ReactNode
  /** The request that makes the first one. */
  request?: ApiRequest
}

/** An empty place that teaches: what would be here, the button that makes the first one, and the same as a request. */
export function EmptyState({ icon: Icon, title, children, action, request }: EmptyStateProps) {
  return (
    <div className="flex flex-col items-center gap-4 rounded-md border border-dashed border-line-strong px-4 py-10">
      <span className="flex size-10 items-center justify-center rounded-md bg-accent-soft text-accent-ink">
        <Icon aria-hidden className="size-5" />
      </span>
      <div className="max-w-110 text-center">
        <h2 className="text-lg font-semibold">{title}</h2>
        <p className="mt-1 text-sm text-ink-muted">{children}</p>
      </div>
      {action}
      {request && (
        <CodeBlock
          className="mt-2 w-full max-w-150"
          title="Or with curl"
          code={writeSnippet('curl', request, baseUrl.href.replace(/\/$/, ''))}
        />
      )}
    </div>
  )
}

/** A filter that matches nothing is not an empty list: say so and offer the way back. */
export function NoMatches({ onClear }: { onClear: () => void }) {
  return (
    <div className="rounded-md border border-dashed border-line-strong px-4 py-10 text-center text-sm text-ink-muted">
      Nothing matches these filters.{' '}
      <button type="button" onClick={onClear} className="text-accent-ink underline underline-offset-2">
        Clear the filters
      </button>
    </div>
  )
}

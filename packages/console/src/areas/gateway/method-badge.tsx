import { classNames } from '../../lib/class-names.ts'

const tones: Record<string, string> = {
  GET: 'bg-info-soft text-info-ink',
  HEAD: 'bg-info-soft text-info-ink',
  POST: 'bg-ok-soft text-ok-ink',
  PUT: 'bg-warn-soft text-warn-ink',
  PATCH: 'bg-accent-soft text-accent-ink',
  DELETE: 'bg-bad-soft text-bad-ink',
}

/** The method of a request or a route, always of one width, so that paths stand under each other. */
export function MethodBadge({ method }: { method: string }) {
  return (
    <span
      className={classNames(
        'inline-flex h-5 min-w-16 shrink-0 items-center justify-center rounded-sm px-1 font-mono text-[11px] font-semibold',
        tones[method] ?? 'bg-sunken text-ink-muted',
      )}
    >
      {method}
    </span>
  )
}

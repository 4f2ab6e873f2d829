import type { EndpointMethod } from '@holdfast/contracts/builder/endpoints'
import { classNames } from '../../lib/class-names.ts'

const tones: Record<EndpointMethod, string> = {
  GET: 'bg-info-soft text-info-ink',
  POST: 'bg-ok-soft text-ok-ink',
  PUT: 'bg-warn-soft text-warn-ink',
  PATCH: 'bg-accent-soft text-accent-ink',
  DELETE: 'bg-bad-soft text-bad-ink',
}

/** The method of an endpoint; always the same width, so that paths stand under each other. */
export function MethodBadge({ method }: { method: EndpointMethod }) {
  return (
    <span
      className={classNames(
        'inline-flex h-5 w-14 shrink-0 items-center justify-center rounded-sm font-mono text-[11px] font-semibold',
        tones[method],
      )}
    >
      {method}
    </span>
  )
}

import type { HealthSnapshot } from '@holdfast/contracts/gateway/analytics'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { healthWords } from './strings.ts'

function toneOf(status: number): Tone {
  if (status >= 500) return 'bad'
  return status >= 400 ? 'warn' : 'ok'
}

/** The status that a client was answered. */
export function StatusBadge({ status }: { status: number }) {
  return <Badge tone={toneOf(status)}>{status}</Badge>
}

/** What the last health check found. */
export function HealthBadge({ status }: { status: HealthSnapshot['status'] }) {
  const { label, tone } = healthWords[status]
  return (
    <Badge tone={tone} dot>
      {label}
    </Badge>
  )
}

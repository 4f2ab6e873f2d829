import { Input } from './input.tsx'

interface TimeFilterProps {
  /** ISO 8601 instants, as the server takes them. */
  from: string | undefined
  to: string | undefined
  onChange: (changes: { from?: string | undefined; to?: string | undefined }) => void
}

/** From when until when, in the viewer's own zone. */
export function TimeFilter({ from, to, onChange }: TimeFilterProps) {
  return (
    <div className="flex flex-wrap items-center gap-x-1 gap-y-2 text-sm text-ink-muted max-sm:w-full">
      <Moment label="From" value={from} onChange={(next) => onChange({ from: next })} />
      <span aria-hidden className="max-sm:hidden">
        –
      </span>
      <Moment label="Until" value={to} onChange={(next) => onChange({ to: next })} />
    </div>
  )
}

interface MomentProps {
  label: string
  value: string | undefined
  onChange: (instant: string | undefined) => void
}

/** Beside each other the two need no words; under each other, on a phone, they do. */
function Moment({ label, value, onChange }: MomentProps) {
  return (
    <span className="flex items-center gap-2 max-sm:w-full">
      <span aria-hidden className="w-10 sm:hidden">
        {label}
      </span>
      <Input
        type="datetime-local"
        aria-label={label}
        className="w-full min-w-0 flex-1 sm:w-48 sm:flex-none"
        value={toLocal(value)}
        onChange={(event) => onChange(toInstant(event.target.value))}
      />
    </span>
  )
}

function toLocal(instant: string | undefined): string {
  const at = new Date(instant ?? Number.NaN)
  if (Number.isNaN(at.getTime())) return ''
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

function toInstant(local: string): string | undefined {
  const at = new Date(local)
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString()
}

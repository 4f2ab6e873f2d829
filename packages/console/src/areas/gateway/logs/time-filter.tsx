import { Input } from '../../../ui/input.tsx'

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
      <Input
        type="datetime-local"
        aria-label="From"
        className="w-full sm:w-48"
        value={toLocal(from)}
        onChange={(event) => onChange({ from: toInstant(event.target.value) })}
      />
      <span aria-hidden className="max-sm:hidden">
        –
      </span>
      <Input
        type="datetime-local"
        aria-label="Until"
        className="w-full sm:w-48"
        value={toLocal(to)}
        onChange={(event) => onChange({ to: toInstant(event.target.value) })}
      />
    </div>
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

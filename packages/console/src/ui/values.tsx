import {
  formatBytes,
  formatDuration,
  formatExactTime,
  formatNumber,
  formatRelativeTime,
} from '../lib/format.ts'
import { useNow } from '../lib/ticking.ts'

/** Nothing to show, said the same way everywhere. */
export function Nothing({ text = 'None' }: { text?: string }) {
  return (
    <span className="text-ink-subtle">
      <span aria-hidden>–</span>
      <span className="sr-only">{text}</span>
    </span>
  )
}

/** How long ago, with the exact moment on hover. `at` is an ISO 8601 time. */
export function RelativeTime({ at, never = 'Never' }: { at: string | null | undefined; never?: string }) {
  const now = useNow()
  if (!at) return <span className="text-ink-subtle">{never}</span>
  const moment = new Date(at)
  return (
    <time dateTime={at} title={formatExactTime(moment)} className="whitespace-nowrap">
      {formatRelativeTime(moment, now)}
    </time>
  )
}

/** The exact moment in the viewer's zone. */
export function ExactTime({ at }: { at: string }) {
  return (
    <time dateTime={at} className="whitespace-nowrap tabular-nums">
      {formatExactTime(new Date(at))}
    </time>
  )
}

/** A size in IEC units, with the exact number of bytes on hover. */
export function Bytes({ value }: { value: number }) {
  return (
    <span title={`${formatNumber(value)} bytes`} className="whitespace-nowrap tabular-nums">
      {formatBytes(value)}
    </span>
  )
}

/** A length of time in its largest sensible unit, with the milliseconds on hover. */
export function Duration({ milliseconds }: { milliseconds: number }) {
  return (
    <span title={`${formatNumber(milliseconds)} ms`} className="whitespace-nowrap tabular-nums">
      {formatDuration(milliseconds)}
    </span>
  )
}

/** A count with separators. */
export function Count({ value }: { value: number }) {
  return <span className="tabular-nums">{formatNumber(value)}</span>
}

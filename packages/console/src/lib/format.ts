/** Numbers, sizes and times as a person reads them, in the viewer's own locale conventions and zone. */

const locale = 'en-US'
const numbers = new Intl.NumberFormat(locale)
const compact = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 })
const exactTime = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' })
const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
const oneDecimal = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 })

/** 1234567 → "1,234,567". */
export function formatNumber(value: number): string {
  return numbers.format(value)
}

/** 1234567 → "1.2M", for axes and tiles where the exact number is one hover away. */
export function formatCompact(value: number): string {
  return compact.format(value)
}

const byteUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const

/** Bytes in IEC units (IEC 80000-13): 1536 → "1.5 KiB". */
export function formatBytes(bytes: number): string {
  let value = Math.abs(bytes)
  let unit = 0
  while (value >= 1024 && unit < byteUnits.length - 1) {
    value /= 1024
    unit += 1
  }
  return `${bytes < 0 ? '-' : ''}${oneDecimal.format(value)} ${byteUnits[unit]}`
}

const durationUnits = [
  { unit: 'd', milliseconds: 86_400_000 },
  { unit: 'h', milliseconds: 3_600_000 },
  { unit: 'min', milliseconds: 60_000 },
  { unit: 's', milliseconds: 1_000 },
] as const

/** Milliseconds in the largest sensible unit: 900000 → "15 min", 250 → "250 ms". */
export function formatDuration(milliseconds: number): string {
  const found = durationUnits.find((candidate) => Math.abs(milliseconds) >= candidate.milliseconds)
  if (!found) return `${oneDecimal.format(milliseconds)} ms`
  return `${oneDecimal.format(milliseconds / found.milliseconds)} ${found.unit}`
}

/** The exact moment in the viewer's zone, with seconds. */
export function formatExactTime(at: Date): string {
  return exactTime.format(at)
}

const relativeUnits: ReadonlyArray<[Intl.RelativeTimeFormatUnit, number]> = [
  ['year', 31_557_600_000],
  ['month', 2_629_800_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
]

/** "3 minutes ago", "in 2 hours"; under 45 seconds either way it is "just now". */
export function formatRelativeTime(at: Date, now: Date): string {
  const difference = at.getTime() - now.getTime()
  if (Math.abs(difference) < 45_000) return 'just now'
  for (const [unit, milliseconds] of relativeUnits) {
    if (Math.abs(difference) >= milliseconds)
      return relative.format(Math.round(difference / milliseconds), unit)
  }
  return relative.format(Math.sign(difference), 'minute')
}

/** "1 user", "2 users". */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatNumber(count)} ${count === 1 ? one : many}`
}

const dayMs = 86_400_000

/** `2026-11-21`, in UTC: the name of a partition's day. */
export function dayOf(at: Date | number | string): string {
  return new Date(at).toISOString().slice(0, 10)
}

/** `count` days from the one of `at` on. */
export function daysFrom(at: Date, count: number): string[] {
  return Array.from({ length: count }, (_, index) => dayOf(at.getTime() + index * dayMs))
}

/** The first day that is kept: partitions before it are older than the retention in every row. */
export function firstKeptDay(now: Date, retentionDays: number): string {
  return dayOf(now.getTime() - retentionDays * dayMs)
}

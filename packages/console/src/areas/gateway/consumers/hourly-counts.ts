const hourMs = 3_600_000
const hoursShown = 24

/** One count for each of the last 24 hours, oldest first: the server names only the hours that had requests. */
export function hourlyCounts(
  hours: ReadonlyArray<{ timestamp: string; requests: number }>,
  nowMs: number,
): number[] {
  const current = Math.floor(nowMs / hourMs)
  const counts = Array.from({ length: hoursShown }, () => 0)
  for (const { timestamp, requests } of hours) {
    const index = hoursShown - 1 - (current - Math.floor(Date.parse(timestamp) / hourMs))
    if (index >= 0 && index < hoursShown) counts[index] = (counts[index] ?? 0) + requests
  }
  return counts
}

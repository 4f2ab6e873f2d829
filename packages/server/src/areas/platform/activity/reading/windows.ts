/** The rows of one UTC day, `YYYY-MM-DD`. */
export interface DayRows {
  day: string
  rows: number
}

/** Instants: from the first on, before the second. */
export interface Window {
  from: string
  until: string
}

const dayMs = 86_400_000

/**
 * The log in windows of whole days, the newest first: the first holds about `firstRows`, each following one about twice as
 * many as the one before. What is rare is found in few questions, and what is not is found before a large one is asked.
 * `days` come newest first. Pure.
 */
export function windowsOf(days: readonly DayRows[], firstRows: number): Window[] {
  const windows: Window[] = []
  let wanted = firstRows
  let rows = 0
  let until: string | null = null
  for (const [index, { day, rows: ofDay }] of days.entries()) {
    until ??= new Date(Date.parse(day) + dayMs).toISOString()
    rows += ofDay
    if (rows < wanted && index < days.length - 1) continue
    windows.push({ from: `${day}T00:00:00.000Z`, until })
    wanted = Math.max(wanted, rows) * 2
    rows = 0
    until = null
  }
  return windows
}

export interface UntilOptions {
  timeoutMs?: number
  /** What was waited for, for the message when it did not come. */
  what?: string
}

const pollMs = 10
const timeoutDefaultMs = 10_000

/**
 * Asks `condition` again and again until it answers something truthy, which is returned. It looks at the real state and
 * is bounded in time, so it waits as long as necessary and no longer. An error of `condition` ends it.
 */
export async function until<T>(
  condition: () => T | Promise<T>,
  { timeoutMs = timeoutDefaultMs, what = 'a condition' }: UntilOptions = {},
): Promise<Exclude<T, false | null | undefined | 0 | ''>> {
  const deadline = performance.now() + timeoutMs
  for (;;) {
    const result = await condition()
    if (result) return result as Exclude<T, false | null | undefined | 0 | ''>
    if (performance.now() > deadline) throw new Error(`Waited ${timeoutMs} ms for ${what} in vain.`)
    await new Promise((resolve) => setTimeout(resolve, pollMs))
  }
}

/** 1, 2, 4, 8, 16, then always 30 seconds, each shortened by up to half so that gateways do not come back in step. */
export function reconnectDelayMs(attempt: number, random: () => number): number {
  const fullMs = attempt > 5 ? 30_000 : 1_000 * 2 ** (attempt - 1)
  return fullMs * (1 - random() / 2)
}

import type { ChildProcess } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'

const attemptsMax = 600
const pauseMs = 100

/** Waits until the server answers that it is ready; false when the process ends before. */
export async function untilReady(baseUrl: string, server: ChildProcess): Promise<boolean> {
  for (let attempt = 0; attempt < attemptsMax && server.exitCode === null; attempt++) {
    const response = await fetch(`${baseUrl}/health/ready`).catch(() => null)
    if (response?.ok) return true
    await wait(pauseMs)
  }
  return false
}

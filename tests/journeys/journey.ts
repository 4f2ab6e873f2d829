import {
  ensureConsoleBuilt,
  findChromium,
  missingChromium,
  openBrowser,
  type TestBrowser,
} from '@holdfast/testkit/browser'
import { type Stack, startStack } from '@holdfast/testkit/stack'
import { afterAll, beforeAll, describe } from 'vitest'

/** What every journey has: the real product and a real browser, both its own. */
export interface Journey {
  stack: Stack
  browser: TestBrowser
}

const startsWithinMs = 120_000
const stepsWithinMs = 120_000

/**
 * A journey through the console as a person goes it. Without Chromium it is skipped, and says so: a reader of the
 * result must not believe that it passed.
 */
export function describeJourney(
  name: string,
  options: { firstRun?: boolean },
  journey: (at: () => Journey) => void,
): void {
  const canRun = findChromium() !== null
  if (!canRun) process.stderr.write(`${name}: ${missingChromium}\n`)
  // oxlint-disable-next-line vitest/valid-title -- the title is the caller's
  describe.skipIf(!canRun)(name, { timeout: stepsWithinMs }, () => {
    let started: Journey | undefined
    beforeAll(async () => {
      ensureConsoleBuilt()
      const stack = await startStack(options)
      started = { stack, browser: await openBrowser() }
    }, startsWithinMs)
    afterAll(async () => {
      await started?.browser.close()
      await started?.stack.stop()
    })
    journey(() => {
      if (!started) throw new Error('The journey has not been started.')
      return started
    })
  })
}

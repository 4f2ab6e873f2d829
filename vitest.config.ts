import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

const longest = [/-pages\.test\.ts$/, /sweeps\/(input|answers)\.test\.ts$/, /\/tests\/(processes|journeys)\//]

/** What takes long begins first, so that it is not left to run alone at the end. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const found = longest.findIndex((pattern) => pattern.test(moduleId))
      return found === -1 ? longest.length : found
    }
    return (await super.sort(files)).toSorted((left, right) => rank(left) - rank(right))
  }
}

/** Unit and integration tests live beside the code; what crosses packages lives in tests/. */
export default defineConfig({
  test: {
    include: ['packages/*/src/**/*.test.ts', 'tests/**/*.test.ts', 'scripts/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/fixtures/**'],
    globalSetup: ['packages/testkit/src/global-setup.ts'],
    pool: 'forks',
    // A test often waits for PostgreSQL, a browser or a process: one more than there are cores keeps them all at work.
    maxWorkers: availableParallelism() + 1,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    sequence: { sequencer: LongestFirst },
    restoreMocks: true,
    expect: { requireAssertions: true },
  },
})

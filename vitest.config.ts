import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

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
    restoreMocks: true,
    expect: { requireAssertions: true },
  },
})

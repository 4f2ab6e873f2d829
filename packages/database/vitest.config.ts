import { defineConfig } from 'vitest/config'

/** These tests bring their own PostgreSQL servers and need nothing of the root's global set-up. */
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['src/**/*.test.ts'],
    pool: 'forks',
    testTimeout: 30_000,
    hookTimeout: 60_000,
    expect: { requireAssertions: true },
  },
})

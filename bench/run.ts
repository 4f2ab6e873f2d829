/** Every benchmark, one after another. `npm run bench -- --quick` passes its options on. */
await import('./builder/run.ts')
await import('./gateway/run.ts')
await import('./propagation/run.ts')
await import('./activity/run.ts')
await import('./audit/run.ts')
await import('./webhooks/run.ts')
await import('./code/run.ts')

import { runChecks } from './checks/all.ts'

/** `npm run check`: everything that can be said about the code without running it. */
const failed = (await runChecks()).filter(({ passed }) => !passed)
if (failed.length > 0) {
  console.log(`Failed: ${failed.map(({ name }) => name).join(', ')}`)
  process.exitCode = 1
}

import { existsSync, globSync } from 'node:fs'
import { join } from 'node:path'
import { runChecks } from './checks/all.ts'
import { repositoryRoot, run, seconds } from './run.ts'
import { installMissing } from './testing/requirements.ts'
import { runVitest } from './testing/vitest.ts'

/** `npm test`: installs what the tests need where it may, runs everything, and ends with one line that counts it. */
const timings: [string, number][] = []

async function stage<T>(name: string, work: () => Promise<T>): Promise<T> {
  console.log(`\n== ${name}`)
  const startedMs = performance.now()
  const result = await work()
  timings.push([name, performance.now() - startedMs])
  return result
}

async function buildConsole() {
  if (!existsSync(join(repositoryRoot, 'packages/console/index.html'))) return []
  const build = ['npm', 'run', 'build', '--silent', '--workspace', '@holdfast/console'] as const
  const outcome = await run({ name: 'console build', words: build }, { stream: false })
  console.log(outcome.passed ? `ok   ${outcome.name}` : outcome.output)
  return [outcome]
}

const missing = await stage('requirements', installMissing)
const exclude = missing.flatMap(({ needs }) => needs)
const skippedFiles = globSync(exclude, { cwd: repositoryRoot, exclude: ['**/node_modules/**'] }).filter(
  (file) => file.endsWith('.test.ts'),
)
const outcomes = [...(await stage('console', buildConsole)), ...(await stage('checks', runChecks))]
const tests = await stage('tests', () => runVitest(exclude))

console.log('')
for (const [name, durationMs] of timings) console.log(`${seconds(durationMs).padStart(9)}  ${name}`)
for (const requirement of missing) {
  console.log(
    `\n!! ${requirement.name} is not here, so its tests were SKIPPED: apt-get install ${requirement.package}`,
  )
}
const passed = tests.passed + outcomes.filter((outcome) => outcome.passed).length
const failed = tests.failed + outcomes.filter((outcome) => !outcome.passed).length
const skipped = tests.skipped + skippedFiles.length
if (failed > 0) process.exitCode = 1
console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`)

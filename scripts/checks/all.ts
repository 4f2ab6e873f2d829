import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Command, type Outcome, programOf, repositoryRoot, run, seconds } from '../run.ts'

/** Every check that needs no database and no browser, fastest reason to fail first. */
export function allChecks(): Command[] {
  const typescript = programOf('ts7', 'bin', 'tsc')
  return [
    { name: 'format', words: ['node', programOf('@biomejs', 'biome', 'bin', 'biome'), 'format', '.'] },
    { name: 'types', words: ['node', typescript, '-p', '.'] },
    // TypeScript refuses a project without files, which is what the console is before its first page.
    ...(existsSync(join(repositoryRoot, 'packages/console/src'))
      ? [{ name: 'types of the console', words: ['node', typescript, '-p', 'packages/console'] } as const]
      : []),
    {
      name: 'lint',
      words: ['node', programOf('oxlint', 'bin', 'oxlint'), '--type-aware', '--deny-warnings'],
      // The type-aware half is a program of its own that oxlint finds on the path.
      env: { PATH: `${programOf('.bin')}${delimiter}${process.env.PATH ?? ''}` },
    },
    { name: 'imports', words: ['node', 'scripts/checks/imports.ts'] },
    { name: 'unused code', words: ['node', programOf('knip', 'bin', 'knip.js'), '--no-progress'] },
  ]
}

/** Runs every check, shows what the failing ones said, and answers all outcomes. */
export async function runChecks(): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (const check of allChecks()) {
    const outcome = await run(check, { stream: false })
    outcomes.push(outcome)
    console.log(`${outcome.passed ? 'ok  ' : 'FAIL'} ${outcome.name} (${seconds(outcome.durationMs)})`)
    if (!outcome.passed) console.log(outcome.output)
  }
  return outcomes
}

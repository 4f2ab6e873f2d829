import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { programOf, run } from '../run.ts'

export interface Tally {
  passed: number
  failed: number
  skipped: number
}

/** The part of vitest's JSON report that is counted. */
interface Report {
  testResults: { name: string; status: string; assertionResults: { status: string }[] }[]
}

/** Runs the tests with their usual output and answers the counts. Patterns in `exclude` are left out. */
export async function runVitest(exclude: readonly string[]): Promise<Tally> {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-report-'))
  const report = join(directory, 'report.json')
  try {
    const outcome = await run(
      {
        name: 'tests',
        words: [
          'node',
          programOf('vitest', 'vitest.mjs'),
          'run',
          '--reporter=default',
          '--reporter=json',
          `--outputFile.json=${report}`,
          ...exclude.flatMap((pattern) => ['--exclude', pattern]),
        ],
      },
      { stream: true },
    )
    return tally(readReport(report), outcome.passed)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** `null` when vitest died before it wrote one. */
function readReport(path: string): Report | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Report
  } catch {
    return null
  }
}

/**
 * A file that fails without a failing test in it (it did not load, a hook threw) counts as one failure, and so does a
 * run that fails without saying where: a count of zero failures must mean that nothing failed.
 */
export function tally(report: Report | null, passed: boolean): Tally {
  const files = report?.testResults ?? []
  const count = (...statuses: string[]) =>
    files.flatMap((file) => file.assertionResults).filter(({ status }) => statuses.includes(status)).length
  const brokenFiles = files.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed'),
  ).length
  const failed = count('failed') + brokenFiles
  return {
    passed: count('passed'),
    failed: failed === 0 && !passed ? 1 : failed,
    skipped: count('pending', 'skipped', 'todo', 'disabled'),
  }
}

import { join } from 'node:path'
import { runTogether, startChild } from '../children.ts'
import { entryPoint, repositoryRoot } from '../repository.ts'

/** The server restarts when its files change; the console replaces its modules in the open page. */
export async function dev(): Promise<void> {
  const environment = {
    HOLDFAST_DATA: process.env.HOLDFAST_DATA ?? join(repositoryRoot, '.data/dev'),
    NODE_ENV: 'development',
  }
  await runTogether([
    startChild(process.execPath, ['--watch', '--watch-preserve-output', entryPoint, 'start'], environment),
    startChild('npm', ['run', 'dev', '--silent', '--workspace', '@holdfast/console'], environment),
  ])
}

import { type ChildProcess, spawn } from 'node:child_process'
import { repositoryRoot } from './repository.ts'

/** Starts a program that shares our terminal. */
export function startChild(
  command: string,
  args: readonly string[],
  environment: Record<string, string>,
): ChildProcess {
  return spawn(command, [...args], {
    cwd: repositoryRoot,
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  })
}

/** Waits for the first child to end, passes our signals to all of them, and ends with its exit code. */
export async function runTogether(children: readonly ChildProcess[]): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      for (const child of children) child.kill(signal)
    })
  }
  const ends = children.map(
    (child) => new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? 0))),
  )
  process.exitCode = await Promise.race(ends)
  for (const child of children) child.kill('SIGTERM')
  await Promise.all(ends)
}

import { join } from 'node:path'
import { runTogether, startChild } from '../children.ts'
import { fillDemo } from '../demo/fill.ts'
import { entryPoint, repositoryRoot } from '../repository.ts'
import { untilReady } from '../ready.ts'

/** The known password exists here only. */
const administrator = { login: 'admin', password: 'Admin123!' }

/** A system of its own, filled with an example. */
export async function demo(): Promise<void> {
  const port = process.env.PORT ?? '3000'
  const server = startChild(process.execPath, [entryPoint, 'start'], {
    PORT: port,
    HOLDFAST_DATA: process.env.HOLDFAST_DATA ?? join(repositoryRoot, '.data/demo'),
    HOLDFAST_ADMIN_LOGIN: administrator.login,
    HOLDFAST_ADMIN_PASSWORD: administrator.password,
  })
  const running = runTogether([server])
  const baseUrl = `http://127.0.0.1:${port}`
  if (await untilReady(baseUrl, server)) {
    try {
      await fillDemo(baseUrl, administrator)
      process.stdout.write(
        `  The demo is filled. Sign in as ${administrator.login} / ${administrator.password}\n\n`,
      )
    } catch (error) {
      process.stderr.write(
        `The demo could not be filled: ${error instanceof Error ? error.message : String(error)}\n`,
      )
      server.kill('SIGTERM')
    }
  }
  await running
}

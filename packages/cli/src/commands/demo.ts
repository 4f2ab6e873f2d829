import { once } from 'node:events'
import { join } from 'node:path'
import { runTogether, startChild } from '../children.ts'
import { fillDemo } from '../demo/fill.ts'
import { startDemoGateway } from '../demo/gateway.ts'
import { entryPoint, repositoryRoot } from '../repository.ts'
import { untilReady } from '../ready.ts'

/** The known password exists here only. */
const administrator = { login: 'admin', password: 'Admin123!' }

const pastProgram = join(repositoryRoot, 'packages/server/src/operator/demo-past.ts')

/** A system of its own, filled with an example. */
export async function demo(): Promise<void> {
  const port = process.env.PORT ?? '3000'
  const dataDirectory = process.env.HOLDFAST_DATA ?? join(repositoryRoot, '.data/demo')
  const server = startChild(process.execPath, [entryPoint, 'start'], {
    PORT: port,
    HOLDFAST_DATA: dataDirectory,
    HOLDFAST_ADMIN_LOGIN: administrator.login,
    HOLDFAST_ADMIN_PASSWORD: administrator.password,
  })
  const running = runTogether([server])
  const baseUrl = `http://127.0.0.1:${port}`
  let stopGateway: (() => Promise<void>) | undefined
  if (await untilReady(baseUrl, server)) {
    try {
      const endpointIds = await fillDemo(baseUrl, administrator)
      if (endpointIds.length > 0) await inventPast(dataDirectory)
      const gatewayPort = Number(process.env.HOLDFAST_GATEWAY_PORT ?? 8080)
      stopGateway = await startDemoGateway({
        baseUrl,
        administrator,
        dataDirectory,
        port: gatewayPort,
        endpointIds,
      })
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
  await stopGateway?.()
}

/** A week for the charts. Only what was empty a moment ago gets one. */
async function inventPast(dataDirectory: string): Promise<void> {
  const writing = startChild(process.execPath, [pastProgram], { HOLDFAST_DATA: dataDirectory })
  const [code] = await once(writing, 'exit')
  if (code !== 0) throw new Error('The past of the demo could not be written.')
}

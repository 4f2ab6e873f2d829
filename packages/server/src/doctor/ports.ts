import { createServer } from 'node:net'
import type { Config } from '../config.ts'
import { fail, type Finding, ok, warn } from './finding.ts'

const answerTimeoutMs = 2_000

/** Checks of the ports that the server and the gateway beside it listen on. */
export async function examinePorts({
  HOST,
  PORT,
  HOLDFAST_GATEWAY_PORT: gatewayPort,
}: Config): Promise<Finding[]> {
  return [await serverPort(HOST, PORT), await gateway(HOST, gatewayPort)]
}

async function serverPort(host: string, port: number): Promise<Finding> {
  const check = 'port'
  const taken = await whatTakes(host, port)
  if (taken === null) return ok(check, `Port ${port} on ${host} is free.`)
  if (taken === 'EACCES')
    return fail(check, `Port ${port} needs a privilege. Choose one above 1023 with PORT.`)
  if (taken === 'EADDRNOTAVAIL')
    return fail(check, `${host} is no address of this machine. Set HOST to 127.0.0.1, 0.0.0.0 or one it has.`)
  if ((await healthAt(host, port)).includes('"healthy"'))
    return ok(check, `A Holdfast server answers on port ${port}.`)
  return fail(check, `Port ${port} is taken by another program. Stop it, or set PORT to another one.`)
}

/** A gateway that cannot listen does not keep the server from working. */
async function gateway(host: string, port: number): Promise<Finding> {
  const check = 'gateway port'
  if (port === 0) return ok(check, 'No gateway runs beside the server: HOLDFAST_GATEWAY_PORT is 0.')
  const taken = await whatTakes(host, port)
  if (taken === null) return ok(check, `Port ${port} on ${host} is free.`)
  if ((await healthAt(host, port)).includes('"configSource"'))
    return ok(check, `A Holdfast gateway answers on port ${port}.`)
  return warn(
    check,
    `The gateway cannot have port ${port} (${taken}). Stop the program that has it, or set HOLDFAST_GATEWAY_PORT to another one.`,
  )
}

/** The code of the error that a listener gets; null when it could listen. */
async function whatTakes(host: string, port: number): Promise<string | null> {
  return new Promise<string | null>((resolve) => {
    const server = createServer()
    server.once('error', (error) => resolve('code' in error ? String(error.code) : error.message))
    server.listen(port, host, () => server.close(() => resolve(null)))
  })
}

/** What `/health` there says; empty when nobody answers. */
async function healthAt(host: string, port: number): Promise<string> {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '[::1]' : host
  return fetch(`http://${reachable}:${port}/health`, { signal: AbortSignal.timeout(answerTimeoutMs) }).then(
    (response) => response.text(),
    () => '',
  )
}

import { execFile } from 'node:child_process'
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises'
import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { createEndpoint } from '@holdfast/contracts/builder/endpoints'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import type { TestUser } from '@holdfast/testkit/people'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const run = promisify(execFile)
const require = createRequire(import.meta.url)
const conformance = dirname(require.resolve('@modelcontextprotocol/conformance/package.json'))
const inspector = dirname(require.resolve('@modelcontextprotocol/inspector-cli/package.json'))

let server: TestServer
let admin: TestUser
let gate: Server
let url: string
beforeAll(async () => {
  server = await startTestServer()
  admin = await server.as('superAdmin')
  await admin.client.call(createEndpoint, {
    body: { name: 'Products', path: '/api/products', method: 'GET', accessType: 'public' },
  })
  gate = withCredential(server.url, admin.headers)
  await new Promise<void>((resolve) => gate.listen(0, '127.0.0.1', resolve))
  url = `http://localhost:${(gate.address() as AddressInfo).port}/api/mcp`
})
afterAll(async () => {
  gate.closeAllConnections()
  gate.close()
  await server.stop()
})

/** The suite cannot send a credential: what stands in front of the server adds it and leaves all else as it is. */
function withCredential(target: string, credential: Record<string, string>): Server {
  return createServer((incoming, outgoing) => {
    const headers = { ...incoming.headers, ...credential }
    const onward = request(target + incoming.url, { method: incoming.method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    onward.on('error', () => outgoing.destroy())
    incoming.pipe(onward)
  })
}

describe('the conformance suite of the Model Context Protocol', () => {
  // The others call tools, prompts and resources of a sample server by name, or concern capabilities that are not offered.
  it.each([
    'server-initialize',
    'ping',
    'logging-set-level',
    'tools-list',
    'resources-list',
    'prompts-list',
    'server-sse-multiple-streams',
    'dns-rebinding-protection',
  ])('%s passes', async (scenario) => {
    const main = join(conformance, 'dist/index.js')
    const { stdout, code } = await run(process.execPath, [
      main,
      'server',
      '--url',
      url,
      '--scenario',
      scenario,
    ])
      .then((done) => ({ ...done, code: 0 }))
      .catch((error: { stdout: string; code: number }) => error)
    expect(`${code} ${code === 0 ? '' : stdout}`.trim()).toBe('0')
    expect(stdout).toMatch(/Passed: [1-9]/)
  })
})

/** The inspector's command line reads the package file of the inspector that it is usually a folder of. */
async function inspectorIn(folder: string): Promise<string> {
  await cp(join(inspector, 'package.json'), join(folder, 'package.json'))
  await cp(join(inspector, 'build'), join(folder, 'cli/build'), { recursive: true })
  await symlink(dirname(dirname(inspector)), join(folder, 'node_modules'))
  return join(folder, 'cli/build/index.js')
}

describe('the inspector', () => {
  let folder: string
  let main: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-inspector-'))
    main = await inspectorIn(folder)
  })
  afterAll(() => rm(folder, { recursive: true }))

  it.each([
    [['--method', 'tools/list'], 'get_api_products'],
    [['--method', 'tools/call', '--tool-name', 'get_api_products'], 'success'],
    [['--method', 'resources/read', '--uri', 'openapi://spec'], '/api/products'],
  ])('works from its command line: %j', async (options, expected) => {
    const credential = `Authorization: ${admin.headers.authorization}`
    const target = [`${server.url}/api/mcp`, '--transport', 'http', '--header', credential]
    const { stdout } = await run(process.execPath, [main, ...target, ...options], {
      maxBuffer: 32 * 1024 * 1024,
    })
    expect(stdout).toContain(expected)
  })
})

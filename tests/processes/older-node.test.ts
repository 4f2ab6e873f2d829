import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startStack } from '@holdfast/testkit/stack'
import { describe, expect, it, onTestFinished } from 'vitest'

const program = fileURLToPath(new URL('../../bin/holdfast.mjs', import.meta.url))
const older = findOlderNode()
if (older === null)
  process.stderr.write(
    'There is no Node older than 24 on this machine, so starting with one was NOT tried.\n',
  )

/** A Node on the PATH that is too old for the product, other than the one that npm brought. */
function findOlderNode(): string | null {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/bin', '/usr/local/bin']
  for (const folder of folders) {
    const candidate = join(folder, 'node')
    const { stdout, status } = spawnSync(candidate, ['-p', 'process.versions.node'], { encoding: 'utf8' })
    if (status === 0 && Number(stdout.split('.')[0]) < 24) return candidate
  }
  return null
}

describe.skipIf(older === null)('started with an older Node', () => {
  const start = (path: string) => spawnSync(older ?? '', [path, 'help'], { encoding: 'utf8' })

  it('the command goes on with the one that npm brought', () => {
    const expected = execFileSync(process.execPath, [program, 'help'], { encoding: 'utf8' })
    const { stdout, status } = start(program)
    expect([status, stdout]).toEqual([0, expected])
  })

  it('the server is stopped by a signal to the command, and nothing is left running', async () => {
    const stack = await startStack({ node: older ?? '' })
    expect((await fetch(`${stack.url}/health`)).status).toBe(200)
    await stack.stop()
    await expect(fetch(`${stack.url}/health`)).rejects.toThrow('fetch failed')
  })

  it('the command says in one sentence what to do when npm has brought none yet', () => {
    const folder = mkdtempSync(join(tmpdir(), 'holdfast-older-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    mkdirSync(join(folder, 'bin'))
    for (const file of ['holdfast.mjs', 'bundled-node.mjs'])
      copyFileSync(join(dirname(program), file), join(folder, 'bin', file))
    const { stderr, status } = start(join(folder, 'bin/holdfast.mjs'))
    expect(status).toBe(1)
    expect(stderr).toMatch(
      /^Holdfast needs Node 24 or newer and this is v\d+\.\d+\.\d+\. Run "npm ci" first: it brings one\.\n$/,
    )
  })
})

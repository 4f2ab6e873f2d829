import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadMasterKeys } from '@holdfast/kernel/crypto/master-key'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { explain } from './explain.ts'

describe('what is printed when a start fails', () => {
  let directory: string
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'holdfast-explain-'))
  })
  afterAll(() => rmSync(directory, { recursive: true, force: true }))

  const thrownBy = (work: () => unknown): unknown => {
    try {
      return work()
    } catch (error) {
      return error
    }
  }

  it('mistakes in the configuration are a list, without a stack and before anything is started', () => {
    const main = join(import.meta.dirname, '../main.ts')
    const { status, stderr, stdout } = spawnSync(process.execPath, [main], {
      env: { PATH: '', HOLDFAST_DATA: directory, HOLDFAST_ADMIN_PASSWORD: 'Seven77' },
      encoding: 'utf8',
    })
    expect([status, stdout]).toEqual([1, ''])
    expect(stderr).toBe(
      'The configuration has 2 mistakes:\n' +
        '  - HOLDFAST_ADMIN_LOGIN and HOLDFAST_ADMIN_PASSWORD are set together, or not at all.\n' +
        '  - HOLDFAST_ADMIN_PASSWORD must have at least 8 characters.\n',
    )
  })

  it.each(['not a key', '\n'])('a key file with %j in it is a sentence that names the file', (text) => {
    const path = join(directory, 'master.key')
    writeFileSync(path, text)
    const printed = explain(thrownBy(() => loadMasterKeys(undefined, path)))
    expect(printed).toContain(path)
    expect(printed).toContain('backup')
    expect(printed).not.toMatch(/\n\s+at /)
  })

  it('a file of another user is named; what is our own mistake keeps its stack', () => {
    const denied = Object.assign(new Error('EACCES'), { code: 'EACCES', path: '/data/master.key' })
    expect(explain(denied)).toMatch(/^\/data\/master\.key belongs to another user/)
    expect(explain(new TypeError('x is undefined'))).toMatch(/\n\s+at /)
  })
})

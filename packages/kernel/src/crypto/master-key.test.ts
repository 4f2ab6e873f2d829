import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadMasterKeys, parseMasterKey } from './master-key.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'holdfast-key-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const newKey = () => randomBytes(32).toString('base64')

describe('master keys', () => {
  it('the first start makes a key that only its owner reads, and later starts read the same', () => {
    const path = join(directory, 'made', 'master.key')
    const [first] = loadMasterKeys(undefined, path)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(loadMasterKeys(undefined, path)).toEqual([first])
    expect(readdirSync(dirname(path))).toEqual(['master.key'])
  })

  it('a key file that others can read is closed', () => {
    const path = join(directory, 'master.key')
    writeFileSync(path, newKey(), { mode: 0o644 })
    loadMasterKeys(undefined, path)
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  it('the setting wins over the file, and the first of several keys seals', () => {
    const [one, two] = [newKey(), newKey()]
    const path = join(directory, 'master.key')
    const keys = loadMasterKeys(`${one}, ${two}`, path)
    expect(keys.map(({ key }) => key.toString('base64'))).toEqual([one, two])
    expect(readdirSync(directory)).toEqual([])
  })

  it('an emptied file is not silently replaced', () => {
    const path = join(directory, 'master.key')
    writeFileSync(path, '\n')
    expect(() => loadMasterKeys(undefined, path)).toThrow('Restore the file from a backup')
    expect(readFileSync(path, 'utf8')).toBe('\n')
  })

  it.each(['', 'short', randomBytes(31).toString('base64'), randomBytes(33).toString('base64')])(
    'a key that is not 32 bytes is refused with the command that makes one',
    (text) => {
      expect(() => parseMasterKey(text)).toThrow('openssl rand -base64 32')
    },
  )

  it('keys have short names that differ', () => {
    expect(parseMasterKey(newKey()).id).not.toBe(parseMasterKey(newKey()).id)
  })
})

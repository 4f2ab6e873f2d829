import { constants } from 'node:fs'
import { access, stat, statfs } from 'node:fs/promises'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { loadMasterKeys } from '@holdfast/kernel/crypto/master-key'
import type { Config } from '../config.ts'
import { dataDirectoryOf } from '../start/open-database.ts'
import { fail, type Finding, ok, warn } from './finding.ts'

const freeShareMin = 0.05
const freeBytesMin = 1_000_000_000
const gigabyte = 1_000_000_000

/** Checks of the machine: the data directory, the disk, the key, the ports. None changes anything. */
export async function examineMachine(config: Config): Promise<Finding[]> {
  const directory = dataDirectoryOf(config)
  return [
    await dataDirectory(directory),
    await disk(directory),
    await masterKey(config, join(directory, 'master.key')),
    await port(config),
  ]
}

async function dataDirectory(directory: string): Promise<Finding> {
  const check = 'data directory'
  const found = await stat(directory).catch(() => null)
  if (found === null) return warn(check, `${directory} is not there yet; the first start makes it.`)
  if (!found.isDirectory())
    return fail(check, `${directory} is no directory. Set HOLDFAST_DATA to another place.`)
  const isWritable = await access(directory, constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  )
  if (!isWritable)
    return fail(check, `${directory} cannot be written by this user. Run Holdfast as the user that owns it.`)
  return ok(check, `${directory} can be read and written.`)
}

async function disk(directory: string): Promise<Finding> {
  const check = 'disk'
  const existing = await statfs(directory).catch(() => statfs(dirname(directory)).catch(() => null))
  if (existing === null) return warn(check, 'How full the disk is cannot be told before the first start.')
  const freeBytes = existing.bavail * existing.bsize
  const share = existing.bavail / existing.blocks
  const sentence = `${(freeBytes / gigabyte).toFixed(1)} GB are free (${Math.round(share * 100)} %).`
  if (freeBytes >= freeBytesMin && share >= freeShareMin) return ok(check, sentence)
  return warn(check, `${sentence} Make room before PostgreSQL stops for lack of it.`)
}

async function masterKey(config: Config, path: string): Promise<Finding> {
  const check = 'master key'
  if (config.HOLDFAST_MASTER_KEY !== undefined) return ok(check, 'It comes from HOLDFAST_MASTER_KEY.')
  const found = await stat(path).catch(() => null)
  if (found === null)
    return warn(check, `There is no ${path} yet; the first start makes one. Keep a copy of it elsewhere.`)
  if ((found.mode & 0o077) !== 0)
    return fail(check, `${path} can be read by other users of this machine. Run: chmod 600 ${path}`)
  try {
    const [{ id }] = loadMasterKeys(undefined, path)
    return ok(check, `Key ${id} is in ${path}, for this user alone. Keep a copy of it elsewhere.`)
  } catch (error) {
    return fail(check, error instanceof Error ? error.message : String(error))
  }
}

async function port({ HOST, PORT }: Config): Promise<Finding> {
  const check = 'port'
  const taken = await new Promise<string | null>((resolve) => {
    const server = createServer()
    server.once('error', (error) => resolve('code' in error ? String(error.code) : error.message))
    server.listen(PORT, HOST, () => server.close(() => resolve(null)))
  })
  if (taken === null) return ok(check, `Port ${PORT} on ${HOST} is free.`)
  if (taken === 'EACCES')
    return fail(check, `Port ${PORT} needs a privilege. Choose one above 1023 with PORT.`)
  if (taken === 'EADDRNOTAVAIL')
    return fail(check, `${HOST} is no address of this machine. Set HOST to 127.0.0.1, 0.0.0.0 or one it has.`)
  const host = HOST === '0.0.0.0' ? '127.0.0.1' : HOST === '::' ? '[::1]' : HOST
  const isOurs = await fetch(`http://${host}:${PORT}/health`, { signal: AbortSignal.timeout(2_000) }).then(
    async (response) => (await response.text()).includes('"healthy"'),
    () => false,
  )
  if (isOurs) return ok(check, `A Holdfast server answers on port ${PORT}.`)
  return fail(check, `Port ${PORT} is taken by another program. Stop it, or set PORT to another one.`)
}

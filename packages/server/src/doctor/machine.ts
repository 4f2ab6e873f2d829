import { constants } from 'node:fs'
import { access, stat, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Config } from '../config.ts'
import { dataDirectoryOf } from '../start/open-database.ts'
import { fail, type Finding, ok, warn } from './finding.ts'
import { examineKeys } from './keys.ts'
import { examinePorts } from './ports.ts'

const freeShareMin = 0.05
const freeBytesMin = 1_000_000_000
const gigabyte = 1_000_000_000

/** Checks of the machine: the data directory, the disk, the keys, the ports. None changes anything. */
export async function examineMachine(config: Config): Promise<Finding[]> {
  const directory = dataDirectoryOf(config)
  return [
    await dataDirectory(directory),
    await disk(directory),
    ...(await examineKeys(config, directory)),
    ...(await examinePorts(config)),
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

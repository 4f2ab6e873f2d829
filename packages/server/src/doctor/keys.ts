import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { loadMasterKeys } from '@holdfast/kernel/crypto/master-key'
import { createSigner, parseSigningSeed } from '@holdfast/kernel/crypto/signing'
import type { Config } from '../config.ts'
import { fail, type Finding, ok, warn } from './finding.ts'

/** Checks of the keys that lie in the data directory, or come from the environment. */
export async function examineKeys(config: Config, directory: string): Promise<Finding[]> {
  return [
    await keyFile('master key', config.HOLDFAST_MASTER_KEY, 'HOLDFAST_MASTER_KEY', {
      path: join(directory, 'master.key'),
      idIn: async (path) => loadMasterKeys(undefined, path)[0].id,
    }),
    await keyFile('audit key', config.HOLDFAST_AUDIT_KEY, 'HOLDFAST_AUDIT_KEY', {
      path: join(directory, 'audit', 'signing.key'),
      idIn: auditKeyIn,
    }),
  ]
}

async function auditKeyIn(path: string): Promise<string> {
  const text = await readFile(path, 'utf8')
  try {
    return createSigner(parseSigningSeed(text)).keyId
  } catch (cause) {
    throw new Error(
      `${path} is damaged: a key is base64 of 32 random bytes. Put the copy back that you have kept.`,
      { cause },
    )
  }
}

/** `idIn` throws a sentence when the file holds no key. */
async function keyFile(
  check: string,
  setting: string | undefined,
  settingName: string,
  { path, idIn }: { path: string; idIn(path: string): Promise<string> },
): Promise<Finding> {
  if (setting !== undefined) return ok(check, `It comes from ${settingName}.`)
  const found = await stat(path).catch(() => null)
  if (found === null)
    return warn(check, `There is no ${path} yet; the server makes one. Keep a copy of it elsewhere.`)
  if ((found.mode & 0o077) !== 0)
    return fail(check, `${path} can be read by other users of this machine. Run: chmod 600 ${path}`)
  try {
    return ok(
      check,
      `Key ${await idIn(path)} is in ${path}, for this user alone. Keep a copy of it elsewhere.`,
    )
  } catch (error) {
    return fail(check, error instanceof Error ? error.message : String(error))
  }
}

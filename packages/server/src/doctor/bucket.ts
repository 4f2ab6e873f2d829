import { randomUUID } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import type { Config } from '../config.ts'
import { createObjectStore } from '../object-store/configured.ts'
import { fail, type Finding, ok } from './finding.ts'
import { within } from './within.ts'

const check = 'bucket'

/** Writes a small object into the bucket, reads it back and removes it: what backups and copies of the audit trail need. */
export async function examineBucket(config: Config, timeoutMs: number): Promise<Finding> {
  const { HOLDFAST_S3_URL: url } = config
  if (url === undefined) return ok(check, 'None is configured; backups stay on disk.')
  const place = `${url.host}${url.pathname}`
  const content = Buffer.from(randomUUID())
  const key = `doctor/${content.toString()}`
  let doing = 'use'
  try {
    const bucket = createObjectStore(config)
    if (bucket === null) return ok(check, 'None is configured; backups stay on disk.')
    const attempt = async () => {
      doing = 'write into'
      await bucket.put(key, content)
      doing = 'read from'
      const read = await bucket.get(key)
      if (read === null || !(await buffer(read)).equals(content))
        throw new Error('it gives back something else')
      doing = 'delete from'
      await bucket.remove(key)
    }
    try {
      await within(timeoutMs, attempt())
    } finally {
      bucket.close()
    }
    return ok(check, `${place} takes an object, gives it back and deletes it.`)
  } catch (error) {
    return fail(
      check,
      `The server cannot ${doing} ${place}: ${reasonOf(error)} Check HOLDFAST_S3_URL, its keys, and what they may do.`,
    )
  }
}

/** What S3 or the network calls it, such as NoSuchBucket, and what they say of it. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return `${String(error)}.`
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name
  const text = [code === 'Error' ? '' : code, error.message].filter((part) => part !== '').join(', ')
  return `${text.replace(/\.$/, '')}.`
}

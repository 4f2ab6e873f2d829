import { createReadStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { problem } from '@holdfast/contracts/problems'
import type { ObjectStore } from '../../../../object-store/store.ts'
import type { BackupStore } from './store.ts'

/** A bucket that all servers share. Every call throws backups.store_unavailable when the bucket fails. */
export function createBucketStore(bucket: ObjectStore): BackupStore {
  const keyOf = (fileName: string) => `backups/${fileName}`
  return {
    async take(path, fileName) {
      await answered(bucket.putStream(keyOf(fileName), createReadStream(path)))
      await rm(path)
    },
    read: (fileName) => answered(bucket.get(keyOf(fileName))),
    remove: (fileName) => answered(bucket.remove(keyOf(fileName))),
  }
}

async function answered<T>(call: Promise<T>): Promise<T> {
  try {
    return await call
  } catch (error) {
    throw problem('backups.store_unavailable', {
      sentence: `The bucket of the backups did not do as asked (${whatFailed(error)}). Check that it exists, and that HOLDFAST_S3_URL and its keys are right.`,
      cause: error,
    })
  }
}

/** What S3 or the network calls it, such as NoSuchBucket or ECONNREFUSED. */
function whatFailed(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error'
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}

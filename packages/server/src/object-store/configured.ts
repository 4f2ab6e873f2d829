import type { Config } from '../config.ts'
import { createS3Store } from './s3.ts'
import type { ObjectStore } from './store.ts'

/** The configured bucket; null when there is none. Throws when it is configured by half. */
export function createObjectStore(config: Config): (ObjectStore & { close(): void }) | null {
  const { HOLDFAST_S3_URL: url, HOLDFAST_S3_REGION: region } = config
  const { HOLDFAST_S3_ACCESS_KEY_ID: accessKeyId, HOLDFAST_S3_SECRET_ACCESS_KEY: secretAccessKey } = config
  if (url === undefined) return null
  if (accessKeyId === undefined || secretAccessKey === undefined)
    throw new Error(
      'HOLDFAST_S3_URL needs HOLDFAST_S3_ACCESS_KEY_ID and HOLDFAST_S3_SECRET_ACCESS_KEY as well.',
    )
  return createS3Store({ url, region, accessKeyId, secretAccessKey })
}

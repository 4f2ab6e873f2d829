import { Readable } from 'node:stream'
import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3'
import type { ObjectStore } from './store.ts'

export interface S3Options {
  /** `https://host/bucket` or `https://host/bucket/prefix`. */
  url: URL
  region: string
  accessKeyId: string
  secretAccessKey: string
}

/** A bucket that is spoken to in path style, as self-hosted stores have it. Throws when the address names no bucket. */
export function createS3Store({ url, region, accessKeyId, secretAccessKey }: S3Options): ObjectStore & {
  close(): void
} {
  const [bucket = '', ...prefix] = url.pathname.split('/').filter((segment) => segment !== '')
  if (bucket === '')
    throw new Error('HOLDFAST_S3_URL must name a bucket, such as https://s3.example.com/backups.')
  const config: S3ClientConfig = {
    endpoint: url.origin,
    region,
    credentials: { accessKeyId, secretAccessKey },
    forcePathStyle: true,
    // Stores that are not Amazon's refuse the newer checksum trailers.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  }
  let client: S3Client | undefined
  /** Loaded by the first use: the library takes seven megabytes. */
  async function load() {
    const sdk = await import('@aws-sdk/client-s3')
    return { sdk, client: (client ??= new sdk.S3Client(config)) }
  }
  const at = (key: string) => ({ Bucket: bucket, Key: [...prefix, key].join('/') })
  return {
    async put(key, content) {
      const { sdk, client } = await load()
      await client.send(new sdk.PutObjectCommand({ ...at(key), Body: content }))
    },
    async putStream(key, content) {
      const { client } = await load()
      const { Upload } = await import('@aws-sdk/lib-storage')
      await new Upload({ client, params: { ...at(key), Body: Readable.from(content) } }).done()
    },
    async get(key) {
      const { sdk, client } = await load()
      try {
        const { Body } = await client.send(new sdk.GetObjectCommand(at(key)))
        return Body instanceof Readable ? Body : null
      } catch (error) {
        if (error instanceof sdk.NoSuchKey) return null
        throw error
      }
    },
    async remove(key) {
      const { sdk, client } = await load()
      await client.send(new sdk.DeleteObjectCommand(at(key)))
    },
    close: () => client?.destroy(),
  }
}

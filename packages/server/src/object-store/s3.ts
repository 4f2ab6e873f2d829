import { Readable } from 'node:stream'
import {
  DeleteObjectCommand,
  GetObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
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
  const client = new S3Client(config)
  const at = (key: string) => ({ Bucket: bucket, Key: [...prefix, key].join('/') })
  return {
    async put(key, content) {
      await client.send(new PutObjectCommand({ ...at(key), Body: content }))
    },
    async putStream(key, content) {
      await new Upload({ client, params: { ...at(key), Body: Readable.from(content) } }).done()
    },
    async get(key) {
      try {
        const { Body } = await client.send(new GetObjectCommand(at(key)))
        return Body instanceof Readable ? Body : null
      } catch (error) {
        if (error instanceof NoSuchKey) return null
        throw error
      }
    },
    async remove(key) {
      await client.send(new DeleteObjectCommand(at(key)))
    },
    close: () => client.destroy(),
  }
}

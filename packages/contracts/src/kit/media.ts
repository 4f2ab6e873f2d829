/** A body that is not JSON in one piece: a stream answer, or an upload. */

export interface Stream {
  stream: readonly [string, ...string[]]
}
export interface Upload {
  upload: readonly [string, ...string[]]
}

/** Marks an answer as a stream of one of these content types. */
export function stream(...contentTypes: [string, ...string[]]): Stream {
  return { stream: contentTypes }
}

/** Marks a request body as a stream of one of these content types; it is not buffered and not validated as a whole. */
export function upload(...contentTypes: [string, ...string[]]): Upload {
  return { upload: contentTypes }
}

export interface StreamedBody {
  contentType: string
  body: AsyncIterable<string | Uint8Array>
  /** Offered file name; adds Content-Disposition. */
  fileName?: string
  /** How many items are to be expected; adds X-Total-Count. What changes meanwhile is not counted. */
  itemCount?: number
}
export interface UploadedBody {
  contentType: string
  /** Bytes announced by Content-Length, or null when chunked. */
  sizeBytes: number | null
  body: AsyncIterable<Uint8Array>
}
export type UploadSource = Blob | ReadableStream<Uint8Array> | string
export type ReceivedStream = Response

export function isStream(value: unknown): value is Stream {
  return typeof value === 'object' && value !== null && 'stream' in value
}
export function isUpload(value: unknown): value is Upload {
  return typeof value === 'object' && value !== null && 'upload' in value
}

/** A bucket: named contents, by path-like keys. Every call throws when the store does not answer as it should. */
export interface ObjectStore {
  /** Replaces what is there. */
  put(key: string, content: Buffer): Promise<void>
  /** Uploads in parts, so that the size need not be known. Nothing is there until all of it is. */
  putStream(key: string, content: AsyncIterable<Uint8Array>): Promise<void>
  /** Null when there is none. */
  get(key: string): Promise<AsyncIterable<Uint8Array> | null>
  /** Harmless when there is none. */
  remove(key: string): Promise<void>
}

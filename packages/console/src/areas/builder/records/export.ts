import { readProblem } from '@holdfast/contracts/kit/client'
import type { TransferFormat } from '@holdfast/contracts/builder/records'
import { sessionFetch } from '../../../lib/session-fetch.ts'
import { createRecordCounter } from './record-counter.ts'

export interface ExportProgress {
  records: number
  /** Null while only the end will tell, because filters leave some out. */
  total: number | null
  sizeBytes: number
}

export interface ExportedFile {
  name: string
  content: Blob
}

/**
 * Receives an export whole, and tells how far it is. Throws `Problem` when it is refused, and when the stream breaks off:
 * a part of a file is never taken for the file.
 */
export async function receiveExport(
  url: URL,
  format: TransferFormat,
  onProgress: (progress: ExportProgress) => void,
  signal: AbortSignal,
): Promise<ExportedFile> {
  const response = await sessionFetch(url, { signal })
  if (!response.ok || response.body === null) throw await readProblem(response)
  const count = createRecordCounter(format)
  const announced = response.headers.get('X-Total-Count')
  let sizeBytes = 0
  const counted = response.body.pipeThrough(
    new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform(bytes, controller) {
        sizeBytes += bytes.length
        onProgress({
          records: count(bytes),
          total: announced === null ? null : Number(announced),
          sizeBytes,
        })
        controller.enqueue(bytes)
      },
    }),
  )
  // The browser keeps a large blob on disk.
  const content = await new Response(counted, { headers: response.headers }).blob()
  const [, name] = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get('Content-Disposition') ?? '') ?? []
  return { name: name === undefined ? `records.${format}` : decodeURIComponent(name), content }
}

const revokeAfterMs = 60_000

/** Gives the file to the browser, which puts it where downloads go. */
export function saveFile({ name, content }: ExportedFile): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(content)
  link.download = name
  link.click()
  // Not before the browser has begun to read it.
  setTimeout(() => URL.revokeObjectURL(link.href), revokeAfterMs)
}

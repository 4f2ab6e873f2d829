import { readProblem } from '@holdfast/contracts/kit/client'
import { Problem } from '@holdfast/contracts/kit/problem'
import { z } from 'zod'
import { apiUrl } from '../../../lib/base.ts'
import { sessionFetch } from '../../../lib/session-fetch.ts'

/** What a file may be, told by its ending: browsers do not agree on the type of most of these. */
export const importFormats = [
  { type: 'application/x-ndjson', endings: ['.ndjson', '.jsonl'] },
  { type: 'text/csv', endings: ['.csv'] },
  { type: 'application/json', endings: ['.json'] },
] as const

function typeOf(name: string): string {
  const found = importFormats.find((format) =>
    format.endings.some((ending) => name.toLowerCase().endsWith(ending)),
  )
  // Refused here, before a large file has been sent for nothing; the server would say the same.
  if (!found)
    throw new Problem(
      'records.import_format_unknown',
      415,
      'Choose a file whose name ends in .ndjson, .jsonl, .csv or .json.',
      {},
    )
  return found.type
}

const Started = z.object({ data: z.object({ id: z.string() }) })

/** Sends a file to be imported; answers the id of the operation that does it. The file is streamed, never held in memory. */
export async function startImport(endpointId: string, file: File): Promise<string> {
  const response = await sessionFetch(apiUrl(`/api/endpoints/${endpointId}/import`), {
    method: 'POST',
    headers: { 'Content-Type': typeOf(file.name), Accept: 'application/json' },
    body: file,
  })
  if (!response.ok) throw await readProblem(response)
  return Started.parse(await response.json()).data.id
}

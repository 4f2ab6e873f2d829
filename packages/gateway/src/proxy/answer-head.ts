import type { ServerResponse } from 'node:http'
import type { Call } from './call.ts'
import { ownHeaders } from './answer.ts'
import { passesInAnswer } from './header-names.ts'
import { namedByConnection } from './request-head.ts'
import type { ResponseHead } from './response-parser.ts'

/** The headers of the service's answer as the client gets them, flat. */
export function answerHeaders(call: Call, head: ResponseHead): string[] {
  const { headers } = head
  const edits = call.route?.responseEdits ?? null
  const hasCors = (call.route?.cors ?? null) !== null
  const named = connectionNames(headers)
  const isPlain = edits === null && !hasCors && named === null
  const answer = ownHeaders(call)
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] ?? ''
    if (!passesInAnswer(name)) continue
    if (!isPlain) {
      const lower = name.toLowerCase()
      if (edits?.dropped.has(lower) === true || named?.has(lower) === true) continue
      // The route's policy speaks, not the service's.
      if (hasCors && lower.startsWith('access-control-')) continue
    }
    answer.push(name, headers[index + 1] ?? '')
  }
  if (edits !== null) answer.push(...edits.set)
  return answer
}

function connectionNames(headers: readonly string[]): ReadonlySet<string> | null {
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] ?? ''
    if (name.length === 10 && name.toLowerCase() === 'connection') {
      return namedByConnection(headers[index + 1] ?? '')
    }
  }
  return null
}

/** Beyond this size, copying costs more than a second write. */
const joinBytesMax = 8 * 1024

/** Ends an answer with the last of its body, if there is any, and its trailers. */
export function endAnswer(response: ServerResponse, last: Buffer | null, trailers: readonly string[]): void {
  if (trailers.length > 0 && response.chunkedEncoding) response.addTrailers(asPairs(trailers))
  if (last === null) response.end()
  else if (last.length > joinBytesMax) response.end(last)
  // As text it leaves in one write together with the head; latin1 keeps every byte.
  else response.end(last.toString('latin1'), 'latin1')
}

/** As Node takes trailers. */
function asPairs(flat: readonly string[]): [string, string][] {
  const list: [string, string][] = []
  for (let index = 0; index < flat.length; index += 2) list.push([flat[index] ?? '', flat[index + 1] ?? ''])
  return list
}

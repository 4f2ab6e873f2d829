import type { Call } from './call.ts'
import { passesInAnswer } from './header-names.ts'
import type { ResponseHead } from './response-parser.ts'

/**
 * Passes on what the service says before its answer (RFC 9110 §15.2): 100 to a client that waits for it, 102, and the
 * links of 103. Whoever speaks HTTP/1.0 knows of none of them. Other interim answers have no meaning yet and stay here.
 */
export function passInterim(call: Call, { status, headers }: ResponseHead): void {
  const { response, request } = call
  if (request.httpVersionMinor === 0 || response.headersSent) return
  if (status === 100 && call.awaitsContinue) {
    call.awaitsContinue = false
    response.writeContinue()
  } else if (status === 102) response.writeProcessing()
  else if (status === 103) passHints(call, headers)
}

function passHints({ response }: Call, headers: readonly string[]): void {
  const hints: Record<string, string | string[]> = {}
  const links: string[] = []
  for (let index = 0; index < headers.length; index += 2) {
    const name = (headers[index] ?? '').toLowerCase()
    const value = headers[index + 1] ?? ''
    // One header may hold several links (RFC 8288 §3); Node wants each for itself.
    if (name === 'link') links.push(...value.split(/,\s*(?=<)/))
    else if (passesInAnswer(name)) hints[name] = value
  }
  try {
    response.writeEarlyHints({ ...hints, link: links })
  } catch (error) {
    // Node refuses links that it cannot read. They are hints: the answer that follows does not need them.
    if (!(error instanceof TypeError)) throw error
  }
}

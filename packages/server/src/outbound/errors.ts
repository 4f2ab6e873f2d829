/** Why a call did not bring an answer. `refused`: the address is out of bounds, and trying again is of no use. */
export type OutboundFailure = 'refused' | 'unresolvable' | 'timeout' | 'connection' | 'cancelled'

/** The message is a sentence for the person who gave the address; it names no address that a name resolved to. */
export class OutboundError extends Error {
  override readonly name = 'OutboundError'
  readonly failure: OutboundFailure
  constructor(failure: OutboundFailure, sentence: string, options?: ErrorOptions) {
    super(sentence, options)
    this.failure = failure
  }
}

/** What undici and the sockets under it report, as an `OutboundError`. */
export function outboundError(error: unknown, host: string): OutboundError {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof OutboundError) return cause
    const inner =
      cause instanceof AggregateError ? cause.errors.find((one) => one instanceof OutboundError) : undefined
    if (inner instanceof OutboundError) return inner
  }
  const code = codeOf(error)
  if (/TIMEOUT|ETIMEDOUT/.test(code))
    return new OutboundError('timeout', `${host} did not answer in time.`, { cause: error })
  if (/^(ENOTFOUND|EAI_|ENODATA|ESERVFAIL)/.test(code))
    return new OutboundError('unresolvable', `There is no address for the name ${host}.`, { cause: error })
  const reason =
    sentences[code] ??
    (tlsCodes.test(code) ? `its certificate was not accepted (${code})` : code || 'the connection failed')
  return new OutboundError('connection', `${host} could not be reached: ${reason}.`, { cause: error })
}

const tlsCodes = /CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO/
const sentences: Record<string, string> = {
  ECONNREFUSED: 'it refused the connection',
  ECONNRESET: 'it closed the connection',
  UND_ERR_SOCKET: 'it closed the connection',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no way to it',
  UND_ERR_HEADERS_OVERFLOW: 'its answer has too many headers',
}

function codeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0])
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

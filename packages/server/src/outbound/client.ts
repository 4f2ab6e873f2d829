import { isIP, type LookupFunction } from 'node:net'
import type { Part } from '@holdfast/kernel/lifecycle'
import type { Agent, Dispatcher } from 'undici'
import { OutboundError, outboundError } from './errors.ts'
import { createResolve, type Resolve } from './resolve.ts'
import { createAddressRules, normalHost } from './rules.ts'
import type { Tracing } from '../tracing/tracing.ts'

/**
 * The one client for every address that a user gives: webhooks, HTTP actions of cron jobs, `fetch` of user code, plugins.
 *
 * What it holds to: only http and https; only addresses that the rules admit, looked at after the name was resolved, and
 * the connection goes to the very address that was looked at; redirects are answers and are not followed; an answer is
 * bounded in size and time. `HOLDFAST_OUTBOUND_ALLOW` names the private hosts and ranges that are admitted.
 */
export interface Outbound {
  /**
   * Looks at a URL without connecting: form, scheme and, when it holds an address, the rules. For saying at once what a
   * call would say later. Throws `OutboundError` (`refused`).
   */
  check(url: string): URL
  /** As `check`, and asks for the addresses of the name too. A name without an address yet is no error. */
  checkResolved(url: string): Promise<URL>
  /** Throws `OutboundError`; any status is an answer. */
  request(request: OutboundRequest): Promise<OutboundAnswer>
  part: Part
}

export interface OutboundRequest {
  method: string
  url: string
  /** Names that belong to the connection (`host`, `content-length`, …) are refused. */
  headers?: Readonly<Record<string, string>>
  body?: string | Buffer | undefined
  /** From the first byte of the connection to the last of the answer. */
  timeoutMs: number
  /** What is read of the answer's body; the rest is cut off. */
  responseBytesMax: number
  signal?: AbortSignal | undefined
}

export interface OutboundAnswer {
  status: number
  /** By lower-case name; repeated ones are joined by a comma. */
  headers: Record<string, string>
  body: Buffer
  /** There was more than `responseBytesMax`. */
  truncated: boolean
}

export interface OutboundOptions {
  /** `HOLDFAST_OUTBOUND_ALLOW`. */
  allow: readonly string[]
  resolve?: Resolve
  connectTimeoutMs?: number
  tracing?: Tracing | null
}

/** Headers that say how the message travels (RFC 9110 §7.6.1); a user who sets them could smuggle a request. */
export const connectionHeaders: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

const userAgent = 'Holdfast'
const headerBytesMax = 16_384

/** Opens no connection before the first request. */
export function createOutbound(options: OutboundOptions): Outbound {
  const { resolve = createResolve(), connectTimeoutMs = 10_000, tracing = null } = options
  const rules = createAddressRules(options.allow)

  function admitted(host: string, address: string): void {
    const refusal = rules.refusal(host, address)
    if (refusal !== null) throw refused(host, refusal)
  }

  /** Those addresses of a name that may be reached. Throws when none may. */
  async function addressesOf(host: string) {
    const all = await resolve(host)
    const open = all.filter(({ address }) => rules.refusal(host, address) === null)
    const [first] = all
    if (open.length === 0 && first !== undefined) admitted(host, first.address)
    return open
  }

  /** Given to the socket, so that nothing is resolved a second time after it was looked at. */
  // oxlint-disable promise/no-callback-in-promise -- sockets want a callback with two results
  const lookup: LookupFunction = (host, { all, family }, callback) => {
    addressesOf(normalHost(host)).then(
      (open) => {
        const fitting = family === 4 || family === 6 ? open.filter((one) => one.family === family) : open
        const [first] = fitting
        if (first === undefined) callback(notFound(host), '')
        else if (all) callback(null, fitting)
        else callback(null, first.address, first.family)
      },
      (error: unknown) => callback(error instanceof Error ? error : notFound(host), ''),
    )
  }
  // oxlint-enable promise/no-callback-in-promise

  let agent: Agent | undefined
  /** Loaded by the first call: five megabytes that many installations never need. */
  async function loadAgent(): Promise<Agent> {
    const { Agent } = await import('undici')
    return (agent ??= new Agent({
      connect: { lookup, timeout: connectTimeoutMs, autoSelectFamily: true },
      pipelining: 1,
      keepAliveTimeout: 4_000,
      maxHeaderSize: headerBytesMax,
    }))
  }

  function check(text: string): URL {
    const url = URL.parse(text)
    if (url === null)
      throw new OutboundError('refused', 'This is not a URL. It must be like https://example.com/path.')
    if (url.protocol !== 'http:' && url.protocol !== 'https:')
      throw new OutboundError('refused', 'Only http:// and https:// addresses are called.')
    if (url.username !== '' || url.password !== '')
      throw new OutboundError(
        'refused',
        'The URL must not hold a user name or password. Send them in a header.',
      )
    const host = normalHost(url.hostname)
    // A socket does not resolve an address, so the rules are asked here.
    if (isIP(host) !== 0) admitted(host, host)
    return url
  }

  async function send(request: OutboundRequest): Promise<OutboundAnswer> {
    const { method, url: text, headers = {}, body, timeoutMs, responseBytesMax, signal } = request
    const url = check(text)
    const wrong = Object.keys(headers).find((name) => connectionHeaders.has(name.toLowerCase()))
    if (wrong !== undefined)
      throw new OutboundError('refused', `The header ${wrong} is set by the connection itself. Leave it out.`)
    const timeout = AbortSignal.timeout(timeoutMs)
    try {
      const response = await (await loadAgent()).request({
        origin: url.origin,
        path: url.pathname + url.search,
        method,
        headers: { 'user-agent': userAgent, ...headers },
        body: body ?? null,
        signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
      })
      const read = await readBounded(response.body, responseBytesMax)
      return { status: response.statusCode, headers: flat(response.headers), ...read }
    } catch (error) {
      if (signal?.aborted === true)
        throw new OutboundError('cancelled', `The call to ${url.host} was cancelled.`, { cause: error })
      if (timeout.aborted)
        throw new OutboundError(
          'timeout',
          `${url.host} did not answer within ${timeoutMs / 1_000} seconds.`,
          { cause: error },
        )
      throw outboundError(error, url.host)
    }
  }

  return {
    check,

    async checkResolved(text) {
      const url = check(text)
      const host = normalHost(url.hostname)
      if (isIP(host) !== 0) return url
      try {
        await addressesOf(host)
      } catch (error) {
        if (error instanceof OutboundError) throw error
      }
      return url
    },

    request(request) {
      if (tracing === null) return send(request)
      const { method, url } = request
      return tracing.call({ method, host: URL.parse(url)?.hostname ?? '' }, (traced) =>
        send({ ...request, headers: { ...traced, ...request.headers } }),
      )
    },

    part: {
      name: 'outgoing calls',
      stop: async () => agent?.destroy(),
    },
  }
}

function refused(host: string, why: string): OutboundError {
  return new OutboundError(
    'refused',
    `${host} ${why}. An operator can admit it with the setting HOLDFAST_OUTBOUND_ALLOW.`,
  )
}

function notFound(host: string): Error {
  return Object.assign(new Error(`No address for ${host}`), { code: 'ENOTFOUND' })
}

async function readBounded(body: Dispatcher.ResponseData['body'], bytesMax: number) {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    size += chunk.length
    // Leaving the loop destroys the body, and with it the connection.
    if (size > bytesMax) break
  }
  const all = Buffer.concat(chunks)
  return { body: all.subarray(0, bytesMax), truncated: all.length > bytesMax }
}

function flat(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  )
}

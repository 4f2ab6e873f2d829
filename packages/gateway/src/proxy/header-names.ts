/** What the gateway does with a request header, found by its name. */
export type HeaderUse =
  | 'pass'
  | 'drop'
  | 'claim'
  | 'connection'
  | 'te'
  | 'host'
  | 'content-length'
  | 'transfer-encoding'
  | 'authorization'
  | 'x-api-key'
  | 'origin'
  | 'user-agent'
  | 'upgrade'
  | 'x-forwarded-for'
  | 'x-forwarded-proto'
  | 'x-forwarded-host'
  | 'x-request-id'
  | 'traceparent'
  | 'cookie'
  | 'tracestate'
  | 'access-control-request-method'
  | 'access-control-request-headers'

/** Concerns one connection alone (RFC 9110 §7.6.1), or is written by the gateway itself. */
const dropped = [
  'keep-alive',
  'proxy-connection',
  'proxy-authorization',
  'expect',
  'x-consumer-id',
  'x-user-id',
  'x-holdfast-client',
]
/**
 * What reverse proxies say about the client and its request, beside the headers that the gateway writes anew. Services
 * believe them, so they pass only when a proxy of ours stands in front.
 */
const claims = [
  'forwarded',
  'x-forwarded-port',
  'x-forwarded-prefix',
  'x-forwarded-scheme',
  'x-forwarded-server',
  'x-forwarded-ssl',
  'x-original-forwarded-for',
  'x-original-host',
  'x-original-url',
  'x-rewrite-url',
  'x-real-ip',
  'x-client-ip',
  'x-cluster-client-ip',
  'true-client-ip',
  'cf-connecting-ip',
  'fastly-client-ip',
]
const named: readonly HeaderUse[] = [
  'connection',
  'te',
  'host',
  'content-length',
  'transfer-encoding',
  'authorization',
  'x-api-key',
  'origin',
  'user-agent',
  'upgrade',
  'x-forwarded-for',
  'x-forwarded-proto',
  'x-forwarded-host',
  'x-request-id',
  'traceparent',
  'cookie',
  'tracestate',
  'access-control-request-method',
  'access-control-request-headers',
]
const uses = new Map<string, HeaderUse>([
  ...dropped.map((name): [string, HeaderUse] => [name, 'drop']),
  ...claims.map((name): [string, HeaderUse] => [name, 'claim']),
  ...named.map((name): [string, HeaderUse] => [name, name]),
])

/** Names as they were spelt, so that a request lower-cases nothing. Bounded: spellings are the client's choice. */
const spellings = new Map<string, HeaderUse>()
const spellingsMax = 2_000

export function useOf(name: string): HeaderUse {
  const known = spellings.get(name)
  if (known !== undefined) return known
  const lower = name.toLowerCase()
  // Some application servers read `X_Forwarded_For` as `X-Forwarded-For`: what the gateway vouches for comes in one spelling.
  const use =
    uses.get(lower) ?? (lower.includes('_') && uses.has(lower.replaceAll('_', '-')) ? 'drop' : 'pass')
  if (spellings.size < spellingsMax) spellings.set(name, use)
  return use
}

/** Headers of an answer that concern one connection alone. */
const answerDropped = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
  'te',
  'x-request-id',
  'x-ratelimit-limit',
  'x-ratelimit-remaining',
  'x-ratelimit-reset',
])
const answerSpellings = new Map<string, boolean>()

export function passesInAnswer(name: string): boolean {
  const known = answerSpellings.get(name)
  if (known !== undefined) return known
  const passes = !answerDropped.has(name.toLowerCase())
  if (answerSpellings.size < spellingsMax) answerSpellings.set(name, passes)
  return passes
}

import { type SetupStep, setupSteps } from '@holdfast/contracts/identity/setup'

export interface SetupProgress {
  initialised: boolean
  account: unknown
  place: unknown
  purpose: unknown
}

/** The first step that is still to be done. */
export function currentStep({ initialised, account, place, purpose }: SetupProgress): SetupStep {
  if (initialised) return 'done'
  if (account === null) return 'account'
  if (place === null) return 'place'
  return purpose === null ? 'purpose' : 'done'
}

/** Counted from 1, as people do. */
export function stepNumber(step: SetupStep): number {
  return setupSteps.indexOf(step) + 1
}

/** A step may be done again, but not before those that come first. */
export function isReached(step: SetupStep, current: SetupStep): boolean {
  return stepNumber(step) <= stepNumber(current)
}

/** Whether only this machine can reach an address to listen on. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
}

/** Whether the configuration says that the server can be reached from another machine. */
export function isReachedFromElsewhere(config: {
  HOST: string
  HOLDFAST_TRUSTED_PROXIES: number
  HOLDFAST_PUBLIC_URL?: URL | undefined
}): boolean {
  const { HOST, HOLDFAST_TRUSTED_PROXIES, HOLDFAST_PUBLIC_URL: publicUrl } = config
  if (!isLoopback(HOST) || HOLDFAST_TRUSTED_PROXIES > 0) return true
  return publicUrl !== undefined && !isLoopback(hostNameOf(publicUrl.host))
}

/** What a proxy adds to a request. A direct request to this machine carries none of it. */
const proxyHeaders = [
  'forwarded',
  'via',
  'x-real-ip',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
]

/**
 * Whether a request may have begun on another machine although the server listens on this one only: a proxy has handed
 * it on, or it was sent to a name that is not this machine's own, as a page elsewhere does that has its name resolved to
 * 127.0.0.1 (DNS rebinding).
 */
export function isFromElsewhere(headers: Readonly<Record<string, string | undefined>>): boolean {
  if (proxyHeaders.some((name) => headers[name] !== undefined)) return true
  return !isLoopback(hostNameOf(headers.host ?? ''))
}

/** `[::1]:3000` is `::1`; '' when there is none (RFC 9110 §7.2). */
function hostNameOf(host: string): string {
  const [, bracketed, plain] = /^(?:\[([^\]]*)\]|([^:]*))(?::\d*)?$/.exec(host.toLowerCase()) ?? []
  return bracketed ?? plain ?? ''
}

/** Crockford's base 32: no letter that looks like a digit. */
const codeLetters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** Twelve letters in groups of four: 60 bits of `bytes`. */
export function codeOf(bytes: Uint8Array): string {
  const letters = [...bytes.subarray(0, 12)].map((byte) => codeLetters.charAt(byte % 32))
  return [0, 4, 8].map((start) => letters.slice(start, start + 4).join('')).join('-')
}

/** What somebody typed, as the code is written. */
export function normaliseCode(typed: string): string {
  const letters = typed
    .toUpperCase()
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1')
    .replace(/[^0-9A-Z]/g, '')
  return (letters.match(/.{1,4}/g) ?? []).join('-')
}

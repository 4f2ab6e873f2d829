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

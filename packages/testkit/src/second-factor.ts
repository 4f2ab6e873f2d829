import { enrollMfa, verifyMfa } from '@holdfast/contracts/identity/mfa'
import type { Clock } from '@holdfast/kernel/clock'
import { Secret, TOTP } from 'otpauth'
import type { TestUser } from './people.ts'

/** The code that an authenticator app shows at this moment. */
export function codeAt(secret: string, nowMs: number): string {
  return new TOTP({ secret: Secret.fromBase32(secret), digits: 6, period: 30 }).generate({ timestamp: nowMs })
}

/** Turns the second factor of a user on, as they would. */
export async function turnOnMfa({ client }: Pick<TestUser, 'client'>, clock: Pick<Clock, 'nowMs'>) {
  const { secret } = await client.call(enrollMfa)
  const body = { code: codeAt(secret, clock.nowMs()) }
  const { recovery_codes: recoveryCodes } = await client.call(verifyMfa, { body })
  return { secret, recoveryCodes }
}

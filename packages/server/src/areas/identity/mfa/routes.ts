import { done } from '@holdfast/contracts/kit/answer'
import {
  challengeMfa,
  challengeMfaSession,
  disableMfa,
  enrollMfa,
  mfaStatus,
  renewRecoveryCodes,
  resetUserMfa,
  verifyMfa,
} from '@holdfast/contracts/identity/mfa'
import { type BoundRoute, handle, Reply } from '../../../http/handle.ts'
import { cookieOf, signedInAnswer, tokensOf } from '../sign-in/routes.ts'
import type { SignIn } from '../sign-in/service.ts'
import type { Mfa } from './service.ts'

export function bindMfa(mfa: Mfa, signIn: Pick<SignIn, 'withCode'>): BoundRoute[] {
  return [
    handle(mfaStatus, async (ctx) => {
      const { enabled, recoveryCodesLeft } = await mfa.status(ctx)
      return { enabled, recovery_codes_left: recoveryCodesLeft }
    }),
    handle(enrollMfa, async (ctx) => {
      const { secret, uri, qrSvg } = await mfa.enroll(ctx)
      return { secret, otpauth_uri: uri, qr_svg: qrSvg }
    }),
    handle(verifyMfa, async (ctx, { body }) => ({
      enabled: true as const,
      recovery_codes: await mfa.verify(ctx, body.code),
    })),
    handle(disableMfa, async (ctx, { body }) => {
      await mfa.disable(ctx, body.code, body.password)
      return { enabled: false as const }
    }),
    handle(renewRecoveryCodes, async (ctx, { body }) => ({
      recovery_codes: await mfa.renewRecoveryCodes(ctx, body.code),
    })),
    handle(challengeMfa, async (ctx, { body }) => {
      const challenge = body.challenge_token ?? body.challengeToken ?? ''
      return tokensOf((await signIn.withCode(ctx, challenge, body.code)).credentials)
    }),
    handle(challengeMfaSession, async (ctx, { body }) => {
      const challenge = body.challenge_token ?? body.challengeToken ?? ''
      const signedIn = await signIn.withCode(ctx, challenge, body.code)
      return new Reply(signedInAnswer(signedIn), { cookies: [cookieOf(signedIn)] })
    }),
    handle(resetUserMfa, async (ctx, { params }) => {
      await mfa.reset(ctx, params.id)
      return done('The second factor is removed')
    }),
  ]
}

import { z } from 'zod'
import { Done } from '../kit/answer.ts'
import { Id } from '../kit/id.ts'
import { route } from '../kit/route.ts'
import { secret } from '../kit/secret.ts'
import { SignedIn } from './auth.ts'
import { Tokens } from './auth-v1.ts'
import { GivenPassword } from './users.ts'

/** The second factor: time-based one-time passwords (RFC 6238), and recovery codes for the day the telephone is lost. */

const Code = secret(z.string().trim().min(1, 'must not be empty').max(40, 'must have at most 40 characters'))

export const mfaStatus = route({
  id: 'mfa.status',
  method: 'GET',
  path: '/v1/auth/mfa/status',
  summary: 'Whether your account has a second factor',
  access: { signedIn: true },
  answers: {
    200: z.object({ enabled: z.boolean(), recovery_codes_left: z.int() }),
  },
})

export const enrollMfa = route({
  id: 'mfa.enroll',
  method: 'POST',
  path: '/v1/auth/mfa/enroll',
  summary: 'Begin to set up a second factor; it counts once a code is verified',
  access: { signedIn: true },
  audit: 'mfa.enrollment_started',
  answers: {
    200: z.object({
      secret: secret(z.string()),
      otpauth_uri: secret(z.string()),
      /** The same as a picture: an SVG document. */
      qr_svg: secret(z.string()),
    }),
  },
  problems: ['mfa.already_enabled', 'auth.session_required'],
})

export const verifyMfa = route({
  id: 'mfa.verify',
  method: 'POST',
  path: '/v1/auth/mfa/verify',
  summary: 'Turn the second factor on with a code of it; recovery codes are shown once',
  access: { signedIn: true },
  audit: 'mfa.enabled',
  body: z.object({ code: Code }),
  answers: {
    200: z.object({ enabled: z.literal(true), recovery_codes: secret(z.array(z.string())) }),
  },
  problems: [
    'mfa.not_enrolled',
    'mfa.already_enabled',
    'mfa.code_wrong',
    'auth.locked',
    'auth.session_required',
  ],
})

export const disableMfa = route({
  id: 'mfa.disable',
  method: 'POST',
  path: '/v1/auth/mfa/disable',
  summary: 'Turn the second factor off',
  access: { signedIn: true },
  audit: 'mfa.disabled',
  body: z.object({
    code: Code,
    /** Needed unless you signed in within the last ten minutes. */
    password: GivenPassword.optional(),
  }),
  answers: { 200: z.object({ enabled: z.literal(false) }) },
  problems: [
    'mfa.not_enabled',
    'mfa.code_wrong',
    'mfa.password_required',
    'auth.password_wrong',
    'auth.locked',
    'auth.session_required',
  ],
})

const challengeProblems = [
  'mfa.challenge_invalid',
  'mfa.challenge_refused',
  'auth.account_inactive',
  'auth.locked',
] as const

const challengeBody = z
  .object({
    challenge_token: secret(z.string().min(1).max(200)).optional(),
    challengeToken: secret(z.string().min(1).max(200)).optional(),
    code: Code,
  })
  .refine((body) => (body.challenge_token ?? body.challengeToken) !== undefined, {
    path: ['challenge_token'],
    message: 'must be given',
  })

export const challengeMfa = route({
  id: 'mfa.challenge',
  method: 'POST',
  path: '/v1/auth/mfa/challenge',
  summary: 'Finish signing in with a code',
  access: { public: 'the challenge of the sign-in is the credential' },
  limit: 'signIn',
  audit: 'session.created',
  body: challengeBody,
  answers: { 200: Tokens },
  problems: challengeProblems,
})

export const challengeMfaSession = route({
  id: 'mfa.challengeSession',
  method: 'POST',
  path: '/api/auth/mfa/challenge',
  summary: 'Finish signing in with a code, with the answer and the cookie of /api/auth/login',
  access: { public: 'the challenge of the sign-in is the credential' },
  limit: 'signIn',
  audit: 'session.created',
  body: challengeBody,
  answers: { 200: SignedIn },
  problems: challengeProblems,
})

export const renewRecoveryCodes = route({
  id: 'mfa.renewRecoveryCodes',
  method: 'POST',
  path: '/v1/auth/mfa/recovery-codes',
  summary: 'Replace the recovery codes; the new ones are shown once',
  access: { signedIn: true },
  audit: 'mfa.recovery_codes_renewed',
  body: z.object({ code: Code }),
  answers: { 200: z.object({ recovery_codes: secret(z.array(z.string())) }) },
  problems: ['mfa.not_enabled', 'mfa.code_wrong', 'auth.locked', 'auth.session_required'],
})

export const resetUserMfa = route({
  id: 'mfa.reset',
  method: 'DELETE',
  path: '/api/users/{id}/mfa',
  summary: "Remove a user's second factor, for somebody who lost it",
  access: { permission: 'manage_users' },
  audit: 'mfa.reset',
  params: z.object({ id: Id }),
  answers: { 200: Done },
  problems: ['users.not_found', 'users.beyond_own_rights', 'mfa.not_enabled'],
})

export const mfaRoutes = [
  mfaStatus,
  enrollMfa,
  verifyMfa,
  disableMfa,
  challengeMfa,
  challengeMfaSession,
  renewRecoveryCodes,
  resetUserMfa,
] as const

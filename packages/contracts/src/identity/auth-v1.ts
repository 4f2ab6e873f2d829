import { z } from 'zod'
import { Timestamp } from '../kit/answer.ts'
import { Id } from '../kit/id.ts'
import { route } from '../kit/route.ts'
import { secret } from '../kit/secret.ts'
import { Identifier, oneIdentifierMessage } from './auth.ts'
import { AdminPassword, Email, GivenPassword, Login, NewPassword, PersonName, userStatuses } from './users.ts'

/** Reference 004's view of the same identity: bare answers in snake case. */

export const Tokens = z
  .object({
    access_token: secret(z.string()),
    refresh_token: secret(z.string()),
    /** Seconds. */
    expires_in: z.int(),
    token_type: z.literal('Bearer'),
  })
  .meta({ id: 'Tokens' })

export const Account = z
  .object({
    id: Id,
    login: z.string(),
    email: z.string().nullable(),
    name: z.string(),
    status: z.enum(userStatuses),
    role: z.enum(['admin', 'user']),
    organization_id: Id,
    created_at: Timestamp,
  })
  .meta({ id: 'Account' })
export type Account = z.output<typeof Account>

export const Message = z.object({ message: z.string() }).meta({ id: 'Message' })

export const loginV1 = route({
  id: 'auth.v1.login',
  method: 'POST',
  path: '/v1/auth/login',
  summary: 'Sign in',
  access: { public: 'nobody is signed in before signing in' },
  limit: 'signIn',
  audit: 'session.created',
  body: z
    .object({
      email: Identifier.optional(),
      login: Identifier.optional(),
      username: Identifier.optional(),
      password: GivenPassword,
    })
    .refine(
      ({ email, login, username }) =>
        [email, login, username].filter((value) => value !== undefined).length === 1,
      oneIdentifierMessage,
    ),
  answers: {
    200: z.union([Tokens, z.object({ mfa_required: z.literal(true), challenge_token: secret(z.string()) })]),
  },
  problems: ['auth.credentials_invalid', 'auth.account_inactive', 'auth.account_suspended', 'auth.locked'],
})

export const registerV1 = route({
  id: 'auth.v1.register',
  method: 'POST',
  path: '/v1/auth/register',
  summary: 'Create an account and its personal organization',
  access: { public: 'when the settings allow registration' },
  limit: 'signIn',
  audit: 'user.registered',
  body: z.object({ email: Email, password: NewPassword, name: PersonName.optional() }),
  answers: { 201: Account },
  problems: ['auth.registration_disabled', 'users.login_taken', 'users.email_taken'],
})

export const refreshV1 = route({
  id: 'auth.v1.refresh',
  method: 'POST',
  path: '/v1/auth/refresh',
  summary: 'Exchange a refresh token for a new pair',
  access: { public: 'the refresh token is the credential' },
  audit: { none: 'the same session goes on; a reused token is audited as it ends the session' },
  body: z
    .object({
      refresh_token: secret(z.string().max(200)).optional(),
      refreshToken: secret(z.string().max(200)).optional(),
    })
    .refine((body) => body.refresh_token !== undefined || body.refreshToken !== undefined, {
      path: ['refresh_token'],
      message: 'must be given',
    }),
  answers: { 200: Tokens },
  problems: ['auth.refresh_invalid'],
})

export const logoutV1 = route({
  id: 'auth.v1.logout',
  method: 'POST',
  path: '/v1/auth/logout',
  summary: 'End the session',
  access: { signedIn: true },
  openBeforePasswordChange: true,
  audit: 'session.ended',
  answers: { 200: Message },
})

export const forgotPasswordV1 = route({
  id: 'auth.v1.forgotPassword',
  method: 'POST',
  path: '/v1/auth/forgot-password',
  summary: 'Send a link that sets a new password',
  access: { public: 'whoever forgot the password cannot sign in' },
  limit: 'signIn',
  audit: 'password.reset_requested',
  body: z.object({ email: Identifier }),
  answers: { 200: Message },
  problems: ['mail.not_configured'],
})

export const resetPasswordV1 = route({
  id: 'auth.v1.resetPassword',
  method: 'POST',
  path: '/v1/auth/reset-password',
  summary: 'Set a password with the token of a link',
  access: { public: 'the single-use token is the credential' },
  limit: 'signIn',
  audit: 'password.reset',
  body: z
    .object({
      token: secret(z.string().min(1).max(200)),
      new_password: NewPassword.optional(),
      newPassword: NewPassword.optional(),
      password: NewPassword.optional(),
    })
    .refine((body) => (body.new_password ?? body.newPassword ?? body.password) !== undefined, {
      path: ['new_password'],
      message: 'must be given',
    }),
  answers: { 200: Message },
  problems: ['auth.reset_token_invalid'],
})

export const bootstrapStatus = route({
  id: 'auth.v1.bootstrapStatus',
  method: 'GET',
  path: '/v1/auth/bootstrap/status',
  summary: 'Whether the first administrator is still to be created',
  access: { public: 'until set-up is complete nobody can be signed in' },
  answers: {
    200: z.object({
      needs_bootstrap: z.boolean(),
      bootstrap_required: z.boolean(),
      code_required: z.boolean(),
    }),
  },
})

export const bootstrap = route({
  id: 'auth.v1.bootstrap',
  method: 'POST',
  path: '/v1/auth/bootstrap',
  summary: 'Create the first administrator and close set-up for good',
  access: { public: 'until set-up is complete nobody can be signed in' },
  limit: 'signIn',
  audit: 'setup.completed',
  body: z
    .object({
      email: Email.optional(),
      login: Login.optional(),
      password: AdminPassword,
      name: PersonName.optional(),
      /** Printed at start; needed when the server can be reached from elsewhere. Also the header X-Setup-Code. */
      code: secret(z.string().max(40)).optional(),
    })
    .refine((body) => (body.email ?? body.login) !== undefined, {
      path: ['email'],
      message: 'must be given',
    }),
  answers: { 201: Account },
  problems: ['setup.completed', 'setup.code_invalid', 'auth.locked'],
})

export const authV1Routes = [
  loginV1,
  registerV1,
  refreshV1,
  logoutV1,
  forgotPasswordV1,
  resetPasswordV1,
  bootstrapStatus,
  bootstrap,
] as const

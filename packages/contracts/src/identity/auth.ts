import { z } from 'zod'
import { Done, ok } from '../kit/answer.ts'
import { Id } from '../kit/id.ts'
import { route } from '../kit/route.ts'
import { secret } from '../kit/secret.ts'
import { permissionNames } from '../permissions.ts'
import {
  Email,
  GivenPassword,
  Login,
  loginNames,
  NewPassword,
  PasswordChange,
  PersonName,
  User,
} from './users.ts'

/** Whatever a person may call themselves at sign-in: any text, since an unknown one is only a wrong one. */
export const Identifier = z
  .string()
  .trim()
  .toLowerCase()
  .min(1, 'must not be empty')
  .max(254, 'must have at most 254 characters')

const oneIdentifier = ({
  login,
  username,
  email,
}: {
  login?: unknown
  username?: unknown
  email?: unknown
}) => [login, username, email].filter((value) => value !== undefined).length === 1
export const oneIdentifierMessage = {
  path: ['login'],
  message: 'must be given: one of login, username or email',
}

const LoginBody = z
  .object({
    login: Identifier.optional(),
    username: Identifier.optional(),
    email: Identifier.optional(),
    password: GivenPassword,
  })
  .refine(oneIdentifier, oneIdentifierMessage)

/** The tokens of one session. All end with it. */
export const SignedIn = z.object({
  success: z.literal(true),
  data: z.object({ accessToken: secret(z.string()), refreshToken: secret(z.string()), user: User }),
  /** Bearer token of reference 002, valid for seven days. */
  token: secret(z.string()),
  tenantId: Id,
})

export const MfaRequired = z.object({
  success: z.literal(true),
  data: z.object({ mfaRequired: z.literal(true), challengeToken: secret(z.string()) }),
})

/** Who a session belongs to, with what it may do. */
export const Me = User.extend({
  permissions: z.array(z.enum(permissionNames)),
  isAdmin: z.boolean(),
  /** `admin` or `peer` for clients of reference 003; `user` for everybody else. */
  role: z.enum(['admin', 'peer', 'user']),
  must_change_password: z.boolean(),
  tenantId: Id,
}).meta({ id: 'Me' })
export type Me = z.output<typeof Me>

export const login = route({
  id: 'auth.login',
  method: 'POST',
  path: '/api/auth/login',
  summary: 'Sign in with a login, a username or an e-mail address',
  access: { public: 'nobody is signed in before signing in' },
  limit: 'signIn',
  audit: 'session.created',
  body: LoginBody,
  answers: { 200: z.union([SignedIn, MfaRequired]) },
  problems: ['auth.credentials_invalid', 'auth.account_inactive', 'auth.locked'],
})

export const refresh = route({
  id: 'auth.refresh',
  method: 'POST',
  path: '/api/auth/refresh',
  summary: 'Exchange a refresh token for a new pair',
  access: { public: 'the refresh token is the credential' },
  audit: { none: 'the same session goes on; a reused token is audited as it ends the session' },
  body: z
    .object({
      refreshToken: secret(z.string().max(200)).optional(),
      refresh_token: secret(z.string().max(200)).optional(),
    })
    .refine((body) => body.refreshToken !== undefined || body.refresh_token !== undefined, {
      path: ['refreshToken'],
      message: 'must be given',
    }),
  answers: { 200: ok(z.object({ accessToken: secret(z.string()), refreshToken: secret(z.string()) })) },
  problems: ['auth.refresh_invalid'],
})

export const logout = route({
  id: 'auth.logout',
  method: 'POST',
  path: '/api/auth/logout',
  summary: 'End the session',
  access: { signedIn: true },
  openBeforePasswordChange: true,
  audit: 'session.ended',
  answers: { 200: Done },
})

export const register = route({
  id: 'auth.register',
  method: 'POST',
  path: '/api/auth/register',
  summary: 'Create an account and its personal organization',
  access: { public: 'when the settings allow registration' },
  limit: 'signIn',
  audit: 'user.registered',
  body: z
    .object({
      email: Email,
      password: NewPassword,
      name: PersonName,
      login: Login.optional(),
      username: Login.optional(),
    })
    .refine(loginNames, { path: ['username'], message: 'is another name of login; send one of them' }),
  answers: {
    201: z.object({
      success: z.literal(true),
      data: User,
      token: secret(z.string()),
      tenantId: Id,
      /** Shown once. */
      gatewayApiKey: secret(z.string()),
    }),
  },
  problems: ['auth.registration_disabled', 'users.login_taken', 'users.email_taken'],
})

export const forgotPassword = route({
  id: 'auth.forgotPassword',
  method: 'POST',
  path: '/api/auth/forgot-password',
  summary: 'Send a link that sets a new password',
  access: { public: 'whoever forgot the password cannot sign in' },
  limit: 'signIn',
  audit: 'password.reset_requested',
  body: z.object({ email: Identifier }),
  answers: { 200: Done },
  problems: ['mail.not_configured'],
})

export const resetPassword = route({
  id: 'auth.resetPassword',
  method: 'POST',
  path: '/api/auth/reset-password',
  summary: 'Set a password with the token of a link or an invitation',
  access: { public: 'the single-use token is the credential' },
  limit: 'signIn',
  audit: 'password.reset',
  body: z
    .object({
      token: secret(z.string().min(1).max(200)),
      password: NewPassword.optional(),
      new_password: NewPassword.optional(),
      newPassword: NewPassword.optional(),
    })
    .refine((body) => (body.password ?? body.new_password ?? body.newPassword) !== undefined, {
      path: ['password'],
      message: 'must be given',
    }),
  answers: { 200: Done },
  problems: ['auth.reset_token_invalid'],
})

export const me = route({
  id: 'auth.me',
  method: 'GET',
  path: '/api/auth/me',
  summary: 'Who is signed in',
  access: { signedIn: true },
  openBeforePasswordChange: true,
  answers: { 200: ok(Me) },
})

const CsrfToken = z.object({
  success: z.literal(true),
  csrfToken: secret(z.string()),
  data: z.object({ csrfToken: secret(z.string()) }),
})

export const csrfToken = route({
  id: 'auth.csrfToken',
  method: 'GET',
  path: '/api/csrf-token',
  summary: 'Get the token for X-CSRF-Token',
  access: { public: 'a token is worth nothing without the session it is bound to' },
  answers: { 200: CsrfToken },
})

export const sessionCsrfToken = route({
  id: 'auth.sessionCsrfToken',
  method: 'GET',
  path: '/api/auth/csrf-token',
  summary: 'Get the token for X-CSRF-Token',
  access: { signedIn: true },
  openBeforePasswordChange: true,
  answers: { 200: CsrfToken },
})

export const changePassword = route({
  id: 'auth.changePassword',
  method: 'POST',
  path: '/api/auth/change-password',
  summary: 'Change your own password; your other sessions end',
  access: { signedIn: true },
  openBeforePasswordChange: true,
  limit: 'signIn',
  audit: 'password.changed',
  body: PasswordChange,
  answers: { 200: Done },
  problems: ['auth.password_wrong', 'auth.locked'],
})

export const adminResetPassword = route({
  id: 'auth.adminResetPassword',
  method: 'POST',
  path: '/api/auth/admin/reset-password',
  summary: "Set another user's password; their sessions end",
  access: { admin: true },
  audit: 'password.set_by_admin',
  body: z
    .object({
      username: Identifier.optional(),
      login: Identifier.optional(),
      new_password: NewPassword.optional(),
      newPassword: NewPassword.optional(),
    })
    .refine((body) => (body.username ?? body.login) !== undefined, {
      path: ['username'],
      message: 'must be given',
    })
    .refine((body) => (body.new_password ?? body.newPassword) !== undefined, {
      path: ['new_password'],
      message: 'must be given',
    }),
  answers: { 200: Done },
  problems: ['users.not_found', 'users.beyond_own_rights'],
})

export const listAuthUsers = route({
  id: 'auth.users',
  method: 'GET',
  path: '/api/auth/users',
  summary: 'Who can sign in',
  access: { admin: true },
  query: z.object({
    limit: z.coerce.number().int().min(1).max(1_000).default(1_000),
    offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
  }),
  answers: {
    200: z.array(
      z.object({
        id: Id,
        username: z.string(),
        role: z.enum(['admin', 'peer', 'user']),
        locked: z.boolean(),
        last_login: z.string().nullable(),
      }),
    ),
  },
})

export const authRoutes = [
  login,
  refresh,
  logout,
  register,
  forgotPassword,
  resetPassword,
  me,
  csrfToken,
  sessionCsrfToken,
  changePassword,
  adminResetPassword,
  listAuthUsers,
] as const

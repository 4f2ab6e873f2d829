import { done, success } from '@holdfast/contracts/kit/answer'
import { isProblem } from '@holdfast/contracts/kit/problem'
import { problem } from '@holdfast/contracts/problems'
import { loginV1, logoutV1, refreshV1 } from '@holdfast/contracts/identity/auth-v1'
import { csrfToken, login, logout, me, refresh, sessionCsrfToken } from '@holdfast/contracts/identity/auth'
import type { Context } from '../../../context.ts'
import type { Csrf } from '../../../credential.ts'
import { sessionCookie } from '../../../http/guard.ts'
import { type BoundRoute, type CookieChange, handle, Reply } from '../../../http/handle.ts'
import type { RefreshedCredentials, Sessions } from '../sessions/service.ts'
import type { SignedInUser, SignIn } from './service.ts'

export function bindSignIn({
  signIn,
  sessions,
  csrf,
}: {
  signIn: SignIn
  sessions: Sessions
  csrf: Csrf
}): BoundRoute[] {
  const csrfAnswer = (ctx: Context) => {
    const sessionId = ctx.actor.kind === 'user' ? ctx.actor.sessionId : null
    const token = csrf.issue(sessionId)
    return { success: true as const, csrfToken: token, data: { csrfToken: token } }
  }
  return [
    handle(login, async (ctx, { body }) => {
      const identifier = body.login ?? body.username ?? body.email ?? ''
      const signedIn = await suspendedIsInactive(() => signIn.withPassword(ctx, identifier, body.password))
      if ('challengeToken' in signedIn) return success({ mfaRequired: true as const, ...signedIn })
      return new Reply(signedInAnswer(signedIn), { cookies: [cookieOf(signedIn)] })
    }),
    handle(refresh, async (ctx, { body }) => {
      const { accessToken, refreshToken } = await sessions.refresh(
        ctx,
        body.refreshToken ?? body.refresh_token ?? '',
      )
      return success({ accessToken, refreshToken })
    }),
    handle(logout, async (ctx) => {
      await sessions.end(ctx)
      return new Reply(done('Signed out'), { cookies: [{ name: sessionCookie, value: null }] })
    }),
    handle(loginV1, async (ctx, { body }) => {
      const identifier = body.email ?? body.login ?? body.username ?? ''
      const signedIn = await signIn.withPassword(ctx, identifier, body.password)
      if ('challengeToken' in signedIn)
        return { mfa_required: true as const, challenge_token: signedIn.challengeToken }
      return tokensOf(signedIn.credentials)
    }),
    handle(refreshV1, async (ctx, { body }) =>
      tokensOf(await sessions.refresh(ctx, body.refresh_token ?? body.refreshToken ?? '')),
    ),
    handle(logoutV1, async (ctx) => {
      await sessions.end(ctx)
      return new Reply({ message: 'Signed out' }, { cookies: [{ name: sessionCookie, value: null }] })
    }),
    handle(me, async (ctx) => success(await signIn.me(ctx))),
    handle(csrfToken, async (ctx) => csrfAnswer(ctx)),
    handle(sessionCsrfToken, async (ctx) => csrfAnswer(ctx)),
  ]
}

export function signedInAnswer({ user, organizationId, credentials }: SignedInUser) {
  const { accessToken, refreshToken, token } = credentials
  return {
    success: true as const,
    data: { accessToken, refreshToken, user },
    token,
    tenantId: organizationId,
  }
}

export function tokensOf({ accessToken, refreshToken, expiresInSeconds }: RefreshedCredentials) {
  const tokens = { access_token: accessToken, refresh_token: refreshToken, expires_in: expiresInSeconds }
  return { ...tokens, token_type: 'Bearer' as const }
}

export function cookieOf({ credentials }: SignedInUser): CookieChange {
  return { name: sessionCookie, value: credentials.cookie, maxAgeSeconds: credentials.cookieMaxAgeSeconds }
}

/** Reference 000 answers 401 for every account that is not active; 004 tells suspended ones apart with a 403. */
async function suspendedIsInactive<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (isProblem(error, 'auth.account_suspended')) throw problem('auth.account_inactive', { cause: error })
    throw error
  }
}

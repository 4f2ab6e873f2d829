import { login, logout } from '@holdfast/contracts/identity/auth'
import { challengeMfaSession } from '@holdfast/contracts/identity/mfa'
import { client } from '../../lib/client.ts'
import { forgetSession, meQuery } from '../../lib/session.ts'
import { forgetCsrfToken } from '../../lib/session-fetch.ts'
import { queryClient } from '../../lib/query.ts'

/**
 * Signs in with a login, a username or an e-mail address; the cookie is the credential from then on. Answers the
 * challenge when the account asks for a second factor first.
 */
export async function signIn(who: string, password: string): Promise<string | null> {
  const { data } = await client.call(login, { body: { login: who, password } })
  if ('mfaRequired' in data) return data.challengeToken
  await startSession()
  return null
}

/** Finishes signing in with a code of the authenticator app, or a recovery code. */
export async function answerChallenge(challengeToken: string, code: string): Promise<void> {
  await client.call(challengeMfaSession, { body: { challengeToken, code } })
  await startSession()
}

/** Reads who has just been signed in; nothing that was read before holds any more. */
export async function startSession(): Promise<void> {
  forgetCsrfToken()
  forgetSession()
  await queryClient.fetchQuery({ ...meQuery, staleTime: 0 })
}

export async function signOut(): Promise<void> {
  await client.call(logout)
  forgetCsrfToken()
  forgetSession()
}

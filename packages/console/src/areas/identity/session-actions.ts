import { login, logout } from '@holdfast/contracts/identity/auth'
import { client } from '../../lib/client.ts'
import { forgetSession, meQuery } from '../../lib/session.ts'
import { forgetCsrfToken } from '../../lib/session-fetch.ts'
import { queryClient } from '../../lib/query.ts'

/**
 * Signs in with a login, a username or an e-mail address; the cookie is the credential from then on. Answers false when
 * the account asks for a second factor first.
 */
export async function signIn(who: string, password: string): Promise<boolean> {
  const { data } = await client.call(login, { body: { login: who, password } })
  if ('mfaRequired' in data) return false
  await startSession()
  return true
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

import { request } from '../../lib/client.ts'
import { forgetCsrfToken } from '../../lib/session-fetch.ts'

export type UserStatus = 'active' | 'inactive' | 'suspended' | 'invited'

export interface User {
  id: string
  login: string
  email: string | null
  name: string
  status: UserStatus
  groupIds: Array<{ id: string; name: string }>
  lastLoginAt: string | null
  createdAt: string
}

export interface Me extends User {
  permissions: string[]
}

export interface SetupStatus {
  complete: boolean
  step: number
  needsCode: boolean
}

interface Enveloped<Data> {
  data: Data
}

const post = (path: string, body?: unknown) =>
  request({ method: 'POST', path, ...(body === undefined ? {} : { body }) })

async function data<Data>(answer: Promise<unknown>): Promise<Data> {
  return ((await answer) as Enveloped<Data>).data
}

export const fetchMe = () => data<Me>(request({ path: '/api/auth/me' }))

export interface SignInResult {
  mfaRequired?: boolean
}

/** Signs in with a login, a username or an e-mail address; the cookie is the credential from then on. */
export async function signIn(login: string, password: string): Promise<SignInResult> {
  const result = await data<SignInResult>(post('/api/auth/login', { login, password }))
  forgetCsrfToken()
  return result
}

export async function signOut(): Promise<void> {
  await post('/api/auth/logout')
  forgetCsrfToken()
}

export const forgotPassword = (email: string) => post('/api/auth/forgot-password', { email })

/** With the token of a reset e-mail or of an invitation. */
export const resetPassword = (token: string, password: string) =>
  post('/api/auth/reset-password', { token, password })

export const changePassword = (currentPassword: string, newPassword: string) =>
  post('/api/auth/change-password', { current_password: currentPassword, new_password: newPassword })

export const updateProfile = (changes: { login: string; email?: string | undefined; name: string }) =>
  data<Me>(request({ method: 'PUT', path: '/api/profile', body: changes }))

export async function fetchSetupStatus(): Promise<SetupStatus> {
  return (await request({ path: '/api/setup/status' })) as SetupStatus
}

export const submitSetupStep = (step: number, values: object, code?: string) =>
  post('/api/setup/step', { step, ...values, ...(code ? { code } : {}) })

export const completeSetup = (code?: string) => post('/api/setup/complete', code ? { code } : {})

export interface UserList {
  rows: User[]
  total: number
}

export async function fetchUsers(
  query: { search?: string | undefined; page?: number; limit?: number },
  signal?: AbortSignal,
): Promise<UserList> {
  const answer = (await request({ path: '/api/users', query, ...(signal ? { signal } : {}) })) as {
    data: User[]
    meta: { total: number }
  }
  return { rows: answer.data, total: answer.meta.total }
}

export const fetchUser = (id: string) => data<User>(request({ path: `/api/users/${id}` }))

export interface UserInput {
  login: string
  email?: string | undefined
  name: string
  password?: string | undefined
  status?: UserStatus | undefined
  groupIds?: string[] | undefined
}

export interface Created {
  user: User
  /** One-time, only when the user was created without a password. */
  setPasswordToken: string | null
}

export async function createUser(input: UserInput): Promise<Created> {
  const answer = (await post('/api/users', input)) as { data: User; setPasswordToken?: string }
  return { user: answer.data, setPasswordToken: answer.setPasswordToken ?? null }
}

export const updateUser = (id: string, changes: Partial<UserInput>) =>
  data<User>(request({ method: 'PUT', path: `/api/users/${id}`, body: changes }))

export const deleteUser = (id: string) => request({ method: 'DELETE', path: `/api/users/${id}` })

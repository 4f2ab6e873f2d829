import type { Credentials, UsersRepo } from './repo.ts'

export type { Credentials }

/**
 * What the other modules of identity may do with users: sign them in, change their password, edit their own profile.
 * The SQL stays with this module; each of them picks what it needs, and `area.ts` passes it in.
 */
export type Accounts = Pick<
  UsersRepo,
  | 'find'
  | 'findForUpdate'
  | 'findCredentials'
  | 'credentialsOf'
  | 'organizationsOf'
  | 'mustChangePassword'
  | 'proveEmail'
  | 'recordSignIn'
  | 'update'
>

import type { Kit } from '../../kit.ts'
import type { Area } from '../area.ts'
import { createAccessRepo } from './access/repo.ts'
import { createAccess } from './access/service.ts'
import { createCsrf } from './csrf/csrf.ts'
import { createGroupsRepo } from './groups/repo.ts'
import { bindGroups } from './groups/routes.ts'
import { createGroups } from './groups/service.ts'
import { createLockoutRepo } from './lockout/repo.ts'
import { createLockout } from './lockout/service.ts'
import { createOrganizationsRepo } from './organizations/repo.ts'
import { createOrganizations } from './organizations/service.ts'
import { createPasswords } from './passwords/passwords.ts'
import { createPasswordTokensRepo } from './passwords/tokens-repo.ts'
import { createPasswordTokens } from './passwords/tokens.ts'
import { createSessionsRepo } from './sessions/repo.ts'
import { createSessions } from './sessions/service.ts'
import { createSessionTokens } from './sessions/tokens.ts'
import { bindSignIn } from './sign-in/routes.ts'
import { createSignIn } from './sign-in/service.ts'
import { createSigningKeysRepo } from './signing-keys/repo.ts'
import { createSigningKeys } from './signing-keys/service.ts'
import { createUsersRepo } from './users/repo.ts'
import { bindUsers } from './users/routes.ts'
import { createUsers } from './users/service.ts'

/** What identity reads from the settings, at every use. */
export interface IdentitySettings {
  enableRegistration: boolean
  authMaxAttempts: number
  authLockoutDurationMs: number
  jwtExpiresInMs: number
  jwtRefreshExpiresInMs: number
}

const defaultSettings: IdentitySettings = {
  enableRegistration: true,
  authMaxAttempts: 5,
  authLockoutDurationMs: 900_000,
  jwtExpiresInMs: 900_000,
  jwtRefreshExpiresInMs: 7 * 24 * 3_600_000,
}

/** Identity: who people are and what they may do. */
export function composeIdentity(kit: Kit, settings: () => IdentitySettings = () => defaultSettings) {
  const { database } = kit
  const usersRepo = createUsersRepo(database)
  const groupsRepo = createGroupsRepo(database)
  const csrf = createCsrf([kit.masterKey])
  const passwords = createPasswords()
  const passwordTokens = createPasswordTokens({ ...kit, repo: createPasswordTokensRepo(database) })

  const accessRepo = createAccessRepo(database)
  const keys = createSigningKeys({
    ...kit,
    repo: createSigningKeysRepo(database),
    announce: accessRepo.announceSigningKeys,
  })
  const tokens = createSessionTokens({ ...kit, keys })
  const access = createAccess({ ...kit, repo: accessRepo, tokens })
  const sessions = createSessions({
    ...kit,
    repo: createSessionsRepo(database),
    tokens,
    access,
    lifetimes: () => ({ accessMs: settings().jwtExpiresInMs, refreshMs: settings().jwtRefreshExpiresInMs }),
  })
  const lockout = createLockout({
    ...kit,
    repo: createLockoutRepo(database),
    settings: () => ({
      attemptsMax: settings().authMaxAttempts,
      durationMs: settings().authLockoutDurationMs,
    }),
  })
  const organizations = createOrganizations({ ...kit, repo: createOrganizationsRepo(database) })
  const users = createUsers({
    ...kit,
    repo: usersRepo,
    groups: groupsRepo,
    organizations,
    passwords,
    passwordTokens,
    sessions,
    access,
  })
  const groups = createGroups({ ...kit, repo: groupsRepo, access })
  const signIn = createSignIn({ ...kit, users: usersRepo, passwords, sessions, lockout })

  let stopListening: (() => Promise<void>) | undefined
  const area: Area = {
    routes: [...bindGroups(groups), ...bindUsers(users), ...bindSignIn({ signIn, sessions, csrf })],
    parts: [
      {
        name: 'identity',
        async start() {
          stopListening = await access.start(() => keys.forget())
        },
        stop: async () => stopListening?.(),
      },
    ],
  }
  return { area, transaction: database.transaction, groups, users, access, csrf, sessions, signIn, keys }
}

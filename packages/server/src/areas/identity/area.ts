import { deriveKey } from '@holdfast/kernel/crypto/envelope'
import type { Part } from '@holdfast/kernel/lifecycle'
import { type Context, systemContext } from '../../context.ts'
import { bindMfa } from './mfa/routes.ts'
import { createMfaRepo } from './mfa/repo.ts'
import { createMfa } from './mfa/service.ts'
import { createMailer } from './mail/mailer.ts'
import { resetLinkJob, resetLinkJobName } from './passwords/jobs.ts'
import { bindPasswords } from './passwords/routes.ts'
import { createPasswordChanges } from './passwords/service.ts'
import { bindProfile } from './profile/routes.ts'
import { createProfile } from './profile/service.ts'
import { bindRegistration } from './registration/routes.ts'
import { createRegistration } from './registration/service.ts'
import { initialiseFromEnvironment } from './setup/from-environment.ts'
import { createSetupRepo } from './setup/repo.ts'
import { bindSetup } from './setup/routes.ts'
import { isReachedFromElsewhere } from './setup/rules.ts'
import { createSetup } from './setup/service.ts'
import { bindSigningKeys } from './signing-keys/routes.ts'
import { upkeepJob, upkeepSchedule } from './upkeep.ts'
import type { Kit } from '../../kit.ts'
import type { Area } from '../area.ts'
import { createAccessRepo, createTokenAccessRepo } from './access/repo.ts'
import { createGuesses } from './access/guesses.ts'
import { createAccess } from './access/service.ts'
import { createTokenAccess } from './access/tokens.ts'
import { createCsrf } from './csrf/csrf.ts'
import { createGroupsRepo } from './groups/repo.ts'
import { bindGroups } from './groups/routes.ts'
import { createGroups } from './groups/service.ts'
import { createLockoutRepo } from './lockout/repo.ts'
import { createLockout } from './lockout/service.ts'
import { createProviders } from './oauth/drivers/configured.ts'
import { createIdentitiesRepo } from './oauth/repo.ts'
import { bindSignInElsewhere } from './oauth/routes.ts'
import { createSignInElsewhere } from './oauth/service.ts'
import { createOrganizationsRepo } from './organizations/repo.ts'
import { createOrganizations } from './organizations/service.ts'
import { createOtherWaysIn } from './passwords/other-ways-in.ts'
import { createPasswords } from './passwords/passwords.ts'
import { createPasswordTokensRepo } from './passwords/tokens-repo.ts'
import { createPasswordTokens } from './passwords/tokens.ts'
import { bindRoles } from './roles/routes.ts'
import { createSessionsRepo } from './sessions/repo.ts'
import { createSessions } from './sessions/service.ts'
import { createSessionTokens } from './sessions/tokens.ts'
import { bindSignIn } from './sign-in/routes.ts'
import { createSignIn } from './sign-in/service.ts'
import { createSigningKeysRepo } from './signing-keys/repo.ts'
import { createSigningKeys } from './signing-keys/service.ts'
import { createPluginTokens } from './tokens/plugin-tokens.ts'
import { createTokensRepo } from './tokens/repo.ts'
import { bindTokens } from './tokens/routes.ts'
import { createTokens } from './tokens/service.ts'
import { createTokenUsage } from './tokens/usage.ts'
import { bindUsersV1 } from './users-v1/routes.ts'
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
  rateLimitAddressMax: number
  rateLimitWindowMs: number
  appName: string
}

/** Identity: who people are and what they may do. */
export function composeIdentity(
  kit: Kit,
  settings: () => IdentitySettings,
  issueGatewayKey: (ctx: Context, organizationId: string) => Promise<string>,
) {
  const { database, config, logger } = kit
  const usersRepo = createUsersRepo(database)
  const groupsRepo = createGroupsRepo(database)
  const csrf = createCsrf(kit.masterKeys)
  const passwords = createPasswords()
  const tokens = createPasswordTokens({ ...kit, repo: createPasswordTokensRepo(database) })

  const accessRepo = createAccessRepo(database)
  const keys = createSigningKeys({
    ...kit,
    repo: createSigningKeysRepo(database),
    announce: accessRepo.announceSigningKeys,
  })
  const sessionTokens = createSessionTokens({ ...kit, keys })
  const tokensRepo = createTokensRepo(database)
  const usage = createTokenUsage({ ...kit, repo: tokensRepo })
  const apiTokens = createTokenAccess({ ...kit, repo: createTokenAccessRepo(database), onUse: usage.used })
  const guesses = createGuesses({
    ...kit,
    rule: () => ({ guessesMax: settings().rateLimitAddressMax, windowMs: settings().rateLimitWindowMs }),
  })
  const access = createAccess({ ...kit, repo: accessRepo, tokens: sessionTokens, apiTokens, guesses })
  const ownTokens = createTokens({ ...kit, repo: tokensRepo, access })
  const sessions = createSessions({
    ...kit,
    repo: createSessionsRepo(database),
    tokens: sessionTokens,
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
  const organizations = createOrganizations({
    ...kit,
    repo: createOrganizationsRepo(database),
    issueGatewayKey,
  })
  const people = { ...kit, passwords, sessions, lockout, access }
  const identitiesRepo = createIdentitiesRepo(database)
  const users = createUsers({
    ...people,
    repo: usersRepo,
    groups: groupsRepo,
    organizations,
    passwordTokens: tokens,
    hasOtherWayIn: async (ctx, userId) => (await identitiesRepo.list(ctx, userId)).length > 0,
  })
  const groups = createGroups({ ...kit, repo: groupsRepo, access })
  const mfa = createMfa({
    ...people,
    repo: createMfaRepo(database),
    users,
    // Made further down, of parts that sign people in.
    passwordChanges: { confirm: (ctx, password) => passwordChanges.confirm(ctx, password) },
    issuer: () => settings().appName,
  })
  const signIn = createSignIn({ ...people, mfa, users: usersRepo })
  const registration = createRegistration({
    ...people,
    users,
    signIn,
    enabled: () => settings().enableRegistration,
  })
  const setup = createSetup({
    ...people,
    repo: createSetupRepo(database),
    users,
    signIn,
    isExposed: isReachedFromElsewhere(config),
    codeKeys: kit.masterKeys.map((key) => deriveKey(key, 'setup-code')),
  })
  const mailer = createMailer(config.HOLDFAST_SMTP_URL, config.HOLDFAST_MAIL_FROM)
  const passwordChanges = createPasswordChanges({
    ...people,
    users: usersRepo,
    tokens,
    mailer,
    removeOtherWaysIn: createOtherWaysIn({
      ...people,
      removeIdentities: identitiesRepo.removeAllOf,
      removeTokens: tokensRepo.removeAllOf,
    }),
    later: (ctx, identifier) => kit.jobs.add(ctx, resetLinkJobName, { identifier }),
    async place(ctx) {
      const place = await setup.place(ctx)
      const url =
        config.HOLDFAST_PUBLIC_URL?.href ?? place?.publicUrl ?? `http://${config.HOST}:${config.PORT}`
      return { url: url.replace(/\/+$/, ''), appName: settings().appName }
    },
  })
  const profile = createProfile({
    ...people,
    users: usersRepo,
    signIn,
    passwordChanges,
    passwordTokens: tokens,
  })

  const elsewhere = createSignInElsewhere({
    ...people,
    repo: identitiesRepo,
    providers: createProviders(config),
    users,
    accounts: usersRepo,
    signIn,
    registrationEnabled: () => settings().enableRegistration,
  })
  const publicUrl = async (ctx: Context) =>
    config.HOLDFAST_PUBLIC_URL?.href ?? (await setup.place(ctx))?.publicUrl

  let stopListening: (() => Promise<void>) | undefined
  const listening: Part = {
    name: 'identity',
    async start() {
      stopListening = await access.start(() => keys.forget())
      const { HOLDFAST_ADMIN_LOGIN: login, HOLDFAST_ADMIN_PASSWORD: password } = config
      await initialiseFromEnvironment(setup, { login, password }, logger)
    },
    async stop() {
      await stopListening?.()
      mailer?.close()
    },
  }
  const upkeep = upkeepJob([
    () => sessions.removeEnded(),
    () => lockout.removeOver(),
    () => tokens.removeOver(),
    () => mfa.removeOver(),
    () => keys.rotateWhenDue(systemContext('identity upkeep')),
  ])
  const area: Area = {
    routes: [
      ...bindGroups(groups),
      ...bindUsers(users, () => kit.settings.current().usersPerPage),
      ...bindSignIn({ signIn, sessions, csrf }),
      ...bindRegistration(registration),
      ...bindPasswords(passwordChanges, users),
      ...bindMfa(mfa, signIn),
      ...bindSignInElsewhere({ ...kit, elsewhere, publicUrl }),
      ...bindProfile(profile, signIn),
      ...bindRoles(groups, users),
      ...bindTokens(ownTokens, kit.clock),
      ...bindUsersV1({ users, accounts: usersRepo, signIn, mfa, passwordChanges }),
      ...bindSetup(setup),
      ...bindSigningKeys(keys),
    ],
    jobs: [resetLinkJob(passwordChanges), upkeep],
    schedules: [upkeepSchedule],
    parts: [usage.part, listening],
  }
  const counts = {
    countUsers: (ctx: Context) => usersRepo.count(ctx, null),
    countApiKeys: (ctx: Context) => tokensRepo.count(ctx, { userId: null, unusedSince: null }),
    unusedApiKeys: async (ctx: Context, limit: number) =>
      (await ownTokens.listAll(ctx, { limit, offset: 0, unused: true })).rows,
  }
  return {
    area,
    counts,
    transaction: database.transaction,
    groups,
    users,
    organizations,
    access,
    csrf,
    sessions,
    signIn,
    keys,
    setup,
    passwordChanges,
    tokens: ownTokens,
    pluginTokens: createPluginTokens({ ...kit, repo: tokensRepo, access }),
    tokenUsage: usage,
  }
}

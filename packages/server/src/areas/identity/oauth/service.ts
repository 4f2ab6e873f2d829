import type { IdentityProvider, LinkedIdentity } from '@holdfast/contracts/identity/oauth'
import { isProblem, type Problem } from '@holdfast/contracts/kit/problem'
import { problem } from '@holdfast/contracts/problems'
import type { Database } from '@holdfast/database/database'
import { isUniqueViolation } from '@holdfast/database/errors'
import type { Clock } from '@holdfast/kernel/clock'
import type { Ids } from '@holdfast/kernel/id'
import type { Logger } from '@holdfast/kernel/logger'
import * as oauth from 'openid-client'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import type { Events } from '../../../work/events/service.ts'
import type { AuditLog } from '../../platform/audit/service.ts'
import { systemGroupIds } from '../groups/rules.ts'
import type { AwaitsSecondFactor, SignedInUser, SignIn } from '../sign-in/service.ts'
import type { Accounts } from '../users/accounts.ts'
import { withSession } from '../users/checks.ts'
import { actingAs } from '../users/rules.ts'
import type { Users } from '../users/service.ts'
import type { Provider } from './drivers/provider.ts'
import { flowLifetimeMs, type StoredFlow } from './flow.ts'
import type { IdentitiesRepo } from './repo.ts'
import { outcomeOf, safePath, type VouchedPerson } from './rules.ts'

/**
 * Signing in through a provider elsewhere, and linking its accounts to users.
 *
 * Invariants: a round trip ends in the browser that began it; a person is known by the provider's own id and never by
 * an address alone; only an address that the provider has verified leads to a user: to the one who has it, when it was
 * shown to be theirs, or to a new one, while people may register; the second factor is still asked for; nobody unlinks
 * their last way in.
 * Events: identity.linked, identity.unlinked.
 */
export interface SignInElsewhere {
  providers(): { provider: IdentityProvider; name: string }[]
  /** Throws oauth.not_configured, oauth.provider_unreachable. */
  begin(wish: Wish): Promise<{ location: URL; flow: StoredFlow }>
  /** As `begin`, for who is signed in. Throws auth.session_required as well. */
  beginLink(ctx: Context, wish: Omit<Wish, 'linkingUserId'>): Promise<{ location: URL; flow: StoredFlow }>
  /** Throws oauth.state_invalid, oauth.refused, oauth.email_unverified, oauth.account_unproven and the like. */
  finish(ctx: Context, flow: StoredFlow | null, callback: URL): Promise<Finished>
  list(ctx: Context): Promise<LinkedIdentity[]>
  /** Throws oauth.identity_not_found, oauth.last_way_in, auth.session_required. */
  unlink(ctx: Context, id: string): Promise<void>
  /** Throws oauth.not_configured. */
  check(provider: IdentityProvider): void
}

export interface Wish {
  provider: IdentityProvider
  redirectUri: string
  next: string | undefined
  linkingUserId: string | null
}

/** `signedIn` is null when an account was linked: whoever asked is signed in already. */
export interface Finished {
  next: string
  signedIn: SignedInUser | AwaitsSecondFactor | null
}

interface Needs {
  repo: IdentitiesRepo
  providers: Partial<Record<IdentityProvider, Provider>>
  users: Pick<Users, 'insert'>
  accounts: Pick<Accounts, 'findCredentials' | 'findForUpdate' | 'credentialsOf' | 'proveEmail'>
  signIn: Pick<SignIn, 'notingRefusal' | 'vouchedFor'>
  registrationEnabled: () => boolean
  database: Pick<Database<Tables>, 'transaction'>
  audit: Pick<AuditLog, 'append'>
  events: Pick<Events, 'append'>
  clock: Clock
  ids: Ids
  logger: Logger
}

export function createSignInElsewhere(needs: Needs): SignInElsewhere {
  const { repo, providers, users, accounts, signIn, database, audit, events, clock, ids, logger } = needs

  function providerOf(provider: IdentityProvider): Provider {
    const found = providers[provider]
    if (found === undefined) throw problem('oauth.not_configured', { retryAfterSeconds: 3_600 })
    return found
  }

  async function begin({ provider, redirectUri, next, linkingUserId }: Wish) {
    const driver = providerOf(provider)
    const flow: StoredFlow = {
      provider,
      state: oauth.randomState(),
      nonce: oauth.randomNonce(),
      codeVerifier: oauth.randomPKCECodeVerifier(),
      redirectUri,
      next: safePath(next),
      linkingUserId,
      endsMs: clock.nowMs() + flowLifetimeMs,
    }
    try {
      return { location: await driver.authorizationUrl(flow), flow }
    } catch (error) {
      logger.warn({ err: error, provider }, 'A provider to sign in with does not answer')
      throw problem('oauth.provider_unreachable', { retryAfterSeconds: 30, cause: error })
    }
  }

  async function identify(flow: StoredFlow, callback: URL): Promise<VouchedPerson> {
    try {
      return await providerOf(flow.provider).identify(flow, callback)
    } catch (error) {
      if (isProblem(error)) throw error
      logger.warn({ err: error, provider: flow.provider }, 'A sign-in through a provider was refused')
      throw problem('oauth.refused', { cause: error })
    }
  }

  async function link(
    ctx: Context,
    userId: string,
    flow: StoredFlow,
    person: VouchedPerson,
    how: 'asked' | 'verified e-mail' | 'new account',
  ): Promise<void> {
    const id = ids.uuid()
    const { issuer, subject, label } = person
    await repo.insert(ctx, { id, userId, provider: flow.provider, issuer, subject, label }, clock.now())
    await events.append(ctx, { type: 'identity.linked', data: { id, userId, provider: flow.provider } })
    const account = await accounts.credentialsOf(ctx, userId)
    await audit.append(actingAs(ctx, { userId, login: account?.login ?? '' }), {
      action: 'identity.linked',
      target: { type: 'user', id: userId },
      details: { provider: flow.provider, label, how },
    })
  }

  /** In one transaction: finds or makes the user, and signs them in. */
  async function conclude(ctx: Context, flow: StoredFlow, person: VouchedPerson) {
    const known = await repo.find(ctx, person.issuer, person.subject)
    const sameEmail =
      person.verifiedEmail === null ? undefined : await accounts.findCredentials(ctx, person.verifiedEmail)
    const outcome = outcomeOf({
      person,
      linkedUserId: known?.userId ?? null,
      linkingUserId: flow.linkingUserId,
      sameEmail: sameEmail ?? null,
      registrationEnabled: needs.registrationEnabled(),
    })
    if (outcome.kind === 'refuse') throw problem(outcome.code)
    if (flow.linkingUserId !== null) {
      if (known === undefined) await link(ctx, flow.linkingUserId, flow, person, 'asked')
      await prove(ctx, flow.linkingUserId, person)
      return null
    }
    let userId: string
    if (outcome.kind === 'create') {
      userId = (await createFor(ctx, outcome.email, person)).id
      await link(ctx, userId, flow, person, 'new account')
    } else {
      userId = outcome.userId
      if (known === undefined) await link(ctx, userId, flow, person, 'verified e-mail')
      else await repo.recordUse(ctx, known.id, person.label, clock.now())
    }
    await prove(ctx, userId, person)
    return signIn.vouchedFor(ctx, userId, flow.provider)
  }

  /** Whoever is in the account has the address with the provider: it is theirs. */
  async function prove(ctx: Context, userId: string, { verifiedEmail }: VouchedPerson): Promise<void> {
    if (verifiedEmail !== null) await accounts.proveEmail(ctx, userId, verifiedEmail, clock.now())
  }

  async function createFor(ctx: Context, email: string, { name, label }: VouchedPerson) {
    const { user } = await users.insert(ctx, {
      login: email,
      email,
      name: (name ?? label).slice(0, 120),
      status: 'active',
      passwordHash: null,
      groupIds: [systemGroupIds.user],
    })
    await audit.append(actingAs(ctx, { userId: user.id, login: email }), {
      action: 'user.registered',
      target: { type: 'user', id: user.id },
      details: { login: email },
    })
    return user
  }

  async function come(ctx: Context, flow: StoredFlow | null, callback: URL): Promise<Finished> {
    if (flow === null || callback.searchParams.get('state') !== flow.state) throw stateInvalid()
    const { actor } = ctx
    // A link is finished by who began it: not by whoever signed in to this browser in between.
    if (flow.linkingUserId !== null && (actor.kind !== 'user' || actor.userId !== flow.linkingUserId))
      throw stateInvalid()
    const person = await identify(flow, callback)
    try {
      const finish = await database.transaction(ctx, (tx) => conclude(tx, flow, person))
      return { next: flow.next, signedIn: finish === null ? null : await finish() }
    } catch (error) {
      // The same person came twice at the same time; the other one was faster.
      if (isUniqueViolation(error, 'user_identities_subject'))
        throw problem('oauth.identity_taken', { cause: error })
      throw error
    }
  }

  return {
    providers: () =>
      Object.entries(providers).map(([provider, { name }]) => ({
        provider: provider as IdentityProvider,
        name,
      })),
    check: (provider) => void providerOf(provider),
    begin,
    beginLink: (ctx, wish) => begin({ ...wish, linkingUserId: withSession(ctx).userId }),

    // Whoever links an account is signed in already.
    finish: (ctx, flow, callback) =>
      flow?.linkingUserId == null
        ? signIn.notingRefusal(ctx, () => come(ctx, flow, callback))
        : come(ctx, flow, callback),

    list: (ctx) => repo.list(ctx, ctx.actor.kind === 'user' ? ctx.actor.userId : ''),

    async unlink(ctx, id) {
      const { userId } = withSession(ctx)
      await database.transaction(ctx, async (tx) => {
        // Two that are unlinked at the same time must not both think that the other one stays.
        await accounts.findForUpdate(tx, userId)
        const linked = await repo.list(tx, userId)
        const identity = linked.find((one) => one.id === id)
        if (identity === undefined) throw problem('oauth.identity_not_found')
        const account = await accounts.credentialsOf(tx, userId)
        if (linked.length === 1 && account?.passwordHash === null) throw problem('oauth.last_way_in')
        await repo.remove(tx, id)
        await events.append(tx, { type: 'identity.unlinked', data: { id, userId } })
        const { provider, label } = identity
        await audit.append(tx, { target: { type: 'user', id: userId }, details: { provider, label } })
      })
    },
  }
}

function stateInvalid(): Problem {
  return problem('oauth.state_invalid')
}

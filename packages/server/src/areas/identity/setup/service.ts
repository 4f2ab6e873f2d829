import { createHmac, timingSafeEqual } from 'node:crypto'
import type { AccountStep, Place, Purpose, SetupData, SetupStatus } from '@holdfast/contracts/identity/setup'
import type { User } from '@holdfast/contracts/identity/users'
import { problem } from '@holdfast/contracts/problems'
import type { Database } from '@holdfast/database/database'
import type { Clock } from '@holdfast/kernel/clock'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import type { Events } from '../../../work/events/service.ts'
import type { Activity } from '../../platform/activity/service.ts'
import type { AuditLog } from '../../platform/audit/service.ts'
import type { Settings } from '../../platform/settings/service.ts'
import { systemGroupIds } from '../groups/rules.ts'
import type { Lockout } from '../lockout/service.ts'
import type { Passwords } from '../passwords/passwords.ts'
import type { SignedInUser, SignIn } from '../sign-in/service.ts'
import { checkNames } from '../users/checks.ts'
import { actingAs } from '../users/rules.ts'
import type { Users } from '../users/service.ts'
import type { InstallationRow, PendingAccount, SetupRepo } from './repo.ts'
import { codeOf, currentStep, isReached, normaliseCode, stepNumber } from './rules.ts'

/**
 * The first run. The wizard collects account, place and purpose in one row and makes the administrator when it is
 * completed; reference 004's bootstrap and the environment make it at once. All three share the row's flag: the first
 * to finish closes the others, also when they finish at the same time.
 *
 * When the server can be reached from elsewhere, or a request may have come from there, every step needs the code that
 * was printed at start, because whoever comes first owns the installation. The code is the same on every replica and is
 * stored nowhere.
 * Events: installation.initialised.
 */
export interface Setup {
  status(ctx: Context, visitor: Pick<Visitor, 'isFromElsewhere'>): Promise<SetupStatus>
  data(ctx: Context, visitor: Visitor): Promise<SetupData>
  saveAccount(ctx: Context, step: Omit<AccountStep, 'step' | 'code'>, visitor: Visitor): Promise<SetupStatus>
  savePlace(ctx: Context, place: Place, visitor: Visitor): Promise<SetupStatus>
  savePurpose(ctx: Context, purpose: Purpose, visitor: Visitor): Promise<SetupStatus>
  /** Throws setup.completed, setup.step_out_of_order, setup.code_invalid. */
  complete(ctx: Context, visitor: Visitor): Promise<SignedInUser>
  /** Throws setup.completed, setup.code_invalid. */
  bootstrap(
    ctx: Context,
    person: FirstPerson,
    visitor: Visitor,
  ): Promise<{ user: User; organizationId: string }>
  /** For the environment and the demo: no code, no session. Throws setup.completed. */
  initialise(ctx: Context, person: FirstPerson): Promise<{ user: User; organizationId: string }>
  /** The code to print; null when none is needed any more. */
  code(): Promise<string | null>
  /** What the place step has recorded. */
  place(ctx: Context): Promise<Place | null>
}

/** Who takes a step, as far as the door is concerned. */
export interface Visitor {
  code: string | undefined
  /** The request may have come from another machine. */
  isFromElsewhere: boolean
}

export interface FirstPerson {
  login: string
  email: string | null
  name: string
  password: string
}

interface Needs {
  repo: SetupRepo
  users: Pick<Users, 'insert'>
  passwords: Pick<Passwords, 'hash'>
  signIn: Pick<SignIn, 'open'>
  lockout: Pick<Lockout, 'guardShared'>
  /** Whether the configuration says that somebody who is not on this machine may reach the server. */
  isExposed: boolean
  settings: Pick<Settings, 'update'>
  /** Made from the master keys: the code of the first is printed, those of all are accepted. */
  codeKeys: readonly Buffer[]
  database: Pick<Database<Tables>, 'transaction'>
  audit: Pick<AuditLog, 'append'>
  activity: Pick<Activity, 'recordFor'>
  events: Pick<Events, 'append'>
  clock: Clock
}

export function createSetup(needs: Needs): Setup {
  const {
    repo,
    users,
    passwords,
    signIn,
    lockout,
    isExposed,
    settings,
    codeKeys,
    database,
    audit,
    activity,
    events,
    clock,
  } = needs

  const acceptedCodes = ({ codeSalt }: InstallationRow) =>
    codeKeys.map((key) => codeOf(createHmac('sha256', key).update(codeSalt).digest()))

  const asksForCode = (visitor: Pick<Visitor, 'isFromElsewhere'>) => isExposed || visitor.isFromElsewhere

  async function checkCode(ctx: Context, row: InstallationRow, visitor: Visitor): Promise<void> {
    if (!asksForCode(visitor)) return
    const right = await lockout.guardShared(ctx, 'setup', async () => {
      const typed = Buffer.from(normaliseCode(visitor.code ?? ''))
      const codes = acceptedCodes(row).map((code) => Buffer.from(code))
      return codes.some((code) => typed.length === code.length && timingSafeEqual(typed, code)) || null
    })
    if (right === null) throw problem('setup.code_invalid')
  }

  /** Throws unless set-up is still open and the caller may do it. */
  async function admit(ctx: Context, visitor: Visitor): Promise<void> {
    const row = await repo.read(ctx)
    if (row.initialised) throw problem('setup.completed')
    await checkCode(ctx, row, visitor)
  }

  async function findOpen(ctx: Context): Promise<InstallationRow> {
    const row = await repo.readForUpdate(ctx)
    if (row.initialised) throw problem('setup.completed')
    return row
  }

  function statusOf(row: InstallationRow, visitor: Pick<Visitor, 'isFromElsewhere'>): SetupStatus {
    const step = currentStep(row)
    return {
      complete: row.initialised,
      current_step: step,
      step: stepNumber(step),
      needsCode: asksForCode(visitor) && !row.initialised,
    }
  }

  async function save(
    ctx: Context,
    step: 'account' | 'place' | 'purpose',
    data: object,
    visitor: Visitor,
  ): Promise<SetupStatus> {
    return database.transaction(ctx, async (tx) => {
      const row = await findOpen(tx)
      if (!isReached(step, currentStep(row))) throw problem('setup.step_out_of_order')
      await repo.save(tx, step, data)
      await audit.append(tx, { target: { type: 'installation', id: null }, details: { step } })
      return statusOf({ ...row, [step]: data }, visitor)
    })
  }

  /** Makes the administrator and closes set-up, in `ctx.tx`. */
  async function finish(ctx: Context, account: PendingAccount) {
    checkNames(account)
    await findOpen(ctx)
    const row = { ...account, status: 'active' as const, groupIds: [systemGroupIds.superAdmin] }
    const made = await users.insert(ctx, row)
    await repo.markInitialised(ctx, clock.now())
    await events.append(ctx, { type: 'installation.initialised', data: { userId: made.user.id } })
    const by =
      ctx.actor.kind === 'system' ? ctx : actingAs(ctx, { userId: made.user.id, login: account.login })
    await audit.append(by, {
      action: 'setup.completed',
      target: { type: 'installation', id: null },
      details: { login: account.login },
    })
    return made
  }

  /** After the commit: what an administrator finds at the beginning of the activity log. */
  function recordCompleted(ctx: Context, { id, login }: Pick<User, 'id' | 'login'>): void {
    activity.recordFor(ctx, {
      action: 'setup_complete',
      message: `Set-up was completed; ${login} is the first administrator`,
      userId: id,
      login,
    })
  }

  async function initialise(ctx: Context, { password, ...person }: FirstPerson) {
    const passwordHash = await passwords.hash(password)
    const made = await database.transaction(ctx, (tx) => finish(tx, { ...person, passwordHash }))
    recordCompleted(ctx, made.user)
    return made
  }

  return {
    initialise,
    status: async (ctx, visitor) => statusOf(await repo.read(ctx), visitor),
    place: async (ctx) => (await repo.read(ctx)).place,

    async data(ctx, visitor) {
      const row = await repo.read(ctx)
      if (!row.initialised) await checkCode(ctx, row, visitor)
      else if (ctx.actor.kind !== 'user') throw problem('auth.required')
      else if (!ctx.actor.isAdmin) throw problem('auth.forbidden')
      const { account, place, purpose } = row
      const { current_step, step } = statusOf(row, visitor)
      return { current_step, step, data: { account, place, purpose } }
    },

    async saveAccount(ctx, { password, ...given }, visitor) {
      await admit(ctx, visitor)
      const login = given.login ?? given.username ?? given.email ?? ''
      const email = given.email ?? (login.includes('@') ? login : null)
      checkNames({ login, email })
      const passwordHash = await passwords.hash(password)
      const account: PendingAccount = { login, email, name: given.name ?? login, passwordHash }
      return save(ctx, 'account', account, visitor)
    },

    async savePlace(ctx, place, visitor) {
      await admit(ctx, visitor)
      return save(ctx, 'place', place, visitor)
    },

    async savePurpose(ctx, purpose, visitor) {
      await admit(ctx, visitor)
      return save(ctx, 'purpose', purpose, visitor)
    },

    async complete(ctx, visitor) {
      await admit(ctx, visitor)
      const signedIn = await database.transaction(ctx, async (tx) => {
        const row = await findOpen(tx)
        if (row.account === null || currentStep(row) !== 'done') throw problem('setup.step_out_of_order')
        const { user } = await finish(tx, row.account)
        // Its own entry beside the one of the route: the history of settings has to be complete.
        const settingsAudit = { action: 'settings.updated', appended: 0 }
        const by = actingAs(tx, { userId: user.id, login: user.login })
        if (row.place !== null)
          await settings.update({ ...by, audit: settingsAudit }, { appName: row.place.appName })
        return signIn.open(tx, user.id)
      })
      const result = await signedIn()
      recordCompleted(ctx, result.user)
      return result
    },

    async bootstrap(ctx, person, visitor) {
      await admit(ctx, visitor)
      return initialise(ctx, person)
    },

    async code() {
      const row = await repo.read({})
      return row.initialised ? null : (acceptedCodes(row)[0] ?? null)
    },
  }
}

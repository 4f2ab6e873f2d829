import type { Place, Purpose } from '@holdfast/contracts/identity/setup'
import type { Database } from '@holdfast/database/database'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'

export type SetupRepo = ReturnType<typeof createSetupRepo>

/** What the account step has collected; the password is hashed before it is kept. */
export interface PendingAccount {
  login: string
  email: string | null
  name: string
  passwordHash: string
}

export interface InstallationRow {
  initialised: boolean
  codeSalt: string
  account: PendingAccount | null
  place: Place | null
  purpose: Purpose | null
}

/** All SQL of the one row that says how far this installation is. */
export function createSetupRepo(database: Database<Tables>) {
  async function read(ctx: Pick<Context, 'tx'>, lock: boolean): Promise<InstallationRow> {
    const query = database
      .of(ctx)
      .selectFrom('installation')
      .select(['initialised_at', 'code_salt as codeSalt', 'account', 'place', 'purpose'])
    const { initialised_at, account, place, purpose, codeSalt } = await (lock
      ? query.forUpdate()
      : query
    ).executeTakeFirstOrThrow()
    return {
      initialised: initialised_at !== null,
      codeSalt,
      account: account as PendingAccount | null,
      place: place as Place | null,
      purpose: purpose as Purpose | null,
    }
  }

  return {
    read: (ctx: Pick<Context, 'tx'>) => read(ctx, false),

    /** Locks the row until the transaction ends: of several who finish at once, one is first. */
    readForUpdate: (ctx: Context) => read(ctx, true),

    async save(ctx: Context, step: 'account' | 'place' | 'purpose', data: object): Promise<void> {
      await database
        .of(ctx)
        .updateTable('installation')
        .set({ [step]: JSON.stringify(data) })
        .execute()
    },

    /** Closes set-up and forgets the account that was collected for it. */
    async markInitialised(ctx: Context, at: Date): Promise<void> {
      await database
        .of(ctx)
        .updateTable('installation')
        .set({ initialised_at: at.toISOString(), account: null })
        .execute()
    },
  }
}

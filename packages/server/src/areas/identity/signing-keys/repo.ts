import type { PublicKey } from '@holdfast/contracts/identity/jwks'
import type { Database } from '@holdfast/database/database'
import { sql } from 'kysely'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'

export type SigningKeysRepo = ReturnType<typeof createSigningKeysRepo>

export interface SigningKeyRow {
  id: string
  publicKey: PublicKey
  privateKeySealed: string
  activeFrom: string
  retiresAt: string | null
}

export function createSigningKeysRepo(database: Database<Tables>) {
  return {
    /** Newest first; those that have retired are left out. */
    async list(ctx: Pick<Context, 'tx'>, at: Date): Promise<SigningKeyRow[]> {
      const rows = await database
        .of(ctx)
        .selectFrom('signing_keys')
        .select([
          'id',
          'public_key as publicKey',
          'private_key_sealed as privateKeySealed',
          'active_from as activeFrom',
          'retires_at as retiresAt',
        ])
        .where((where) =>
          where.or([where('retires_at', 'is', null), where('retires_at', '>', at.toISOString())]),
        )
        .orderBy('active_from', 'desc')
        .orderBy('id', 'desc')
        .execute()
      return rows.map((row) => ({ ...row, publicKey: row.publicKey as PublicKey }))
    },

    /** One replica at a time makes a key; held until the transaction ends. */
    async lock(ctx: Context): Promise<void> {
      await sql`select pg_advisory_xact_lock(hashtextextended('holdfast signing keys', 0))`.execute(
        database.of(ctx),
      )
    },

    async insert(ctx: Context, key: SigningKeyRow, at: Date): Promise<void> {
      await database
        .of(ctx)
        .insertInto('signing_keys')
        .values({
          id: key.id,
          public_key: JSON.stringify(key.publicKey),
          private_key_sealed: key.privateKeySealed,
          active_from: key.activeFrom,
          retires_at: key.retiresAt,
          created_at: at.toISOString(),
        })
        .execute()
    },

    /** Lets every key but `id` go once the tokens it has signed are over. */
    async retireOthers(ctx: Context, id: string, retiresAt: Date): Promise<void> {
      await database
        .of(ctx)
        .updateTable('signing_keys')
        .set({ retires_at: retiresAt.toISOString() })
        .where('id', '!=', id)
        .where('retires_at', 'is', null)
        .execute()
    },

    async removeRetired(ctx: Pick<Context, 'tx'>, at: Date): Promise<void> {
      await database.of(ctx).deleteFrom('signing_keys').where('retires_at', '<=', at.toISOString()).execute()
    },
  }
}

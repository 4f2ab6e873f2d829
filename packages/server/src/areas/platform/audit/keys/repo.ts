import type { Database } from '@holdfast/database/database'
import type { Context } from '../../../../context.ts'
import type { Tables } from '../../../../tables.ts'

export type AuditKeysRepo = ReturnType<typeof createAuditKeysRepo>

export interface AuditKeyRow {
  keyId: string
  publicKeySealed: string
}

/** All SQL of the keys that sign the audit chains. */
export function createAuditKeysRepo(database: Database<Tables>) {
  return {
    list: (ctx: Pick<Context, 'tx'>): Promise<AuditKeyRow[]> =>
      database
        .of(ctx)
        .selectFrom('audit_keys')
        .select(['key_id as keyId', 'public_key_sealed as publicKeySealed'])
        .orderBy('created_at')
        .orderBy('key_id')
        .execute(),

    async save(ctx: Pick<Context, 'tx'>, { keyId, publicKeySealed }: AuditKeyRow, at: Date): Promise<void> {
      await database
        .of(ctx)
        .insertInto('audit_keys')
        .values({ key_id: keyId, public_key_sealed: publicKeySealed, created_at: at.toISOString() })
        .onConflict((conflict) =>
          conflict.column('key_id').doUpdateSet({ public_key_sealed: publicKeySealed }),
        )
        .execute()
    },
  }
}

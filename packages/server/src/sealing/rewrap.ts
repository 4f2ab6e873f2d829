import type { Database } from '@holdfast/database/database'
import { type Envelope, SealedValueError } from '@holdfast/kernel/crypto/envelope'
import type { AuditLog } from '../areas/platform/audit/service.ts'
import type { Context } from '../context.ts'
import type { Tables } from '../tables.ts'
import { type SealedColumn, sealedColumns } from './columns.ts'
import type { SealedRepo, SealedValue } from './repo.ts'

/**
 * Puts every sealed value under the present master key, so that an old one can be taken away. What is sealed stays as it
 * is; only the key around it changes. Works beside running servers that know both keys, and may be stopped and begun
 * again at any moment. Audit: secrets.rewrapped.
 */
export interface Rewrap {
  run(ctx: Context): Promise<Rewrapped>
}

export interface Rewrapped {
  /** The key that wraps them now. */
  keyId: string
  rewrapped: number
  /** Values that the present key does not wrap: of keys that are not configured, and damaged ones. */
  left: { table: string; column: string; keyId: string; count: number }[]
}

interface Needs {
  repo: SealedRepo
  envelope: Pick<Envelope, 'rewrap'>
  /** The present one first. */
  masterKeyIds: readonly string[]
  database: Pick<Database<Tables>, 'transaction'>
  audit: Pick<AuditLog, 'append'>
}

const batchSize = 200

export function createRewrap({ repo, envelope, masterKeyIds, database, audit }: Needs): Rewrap {
  const [keyId = '', ...oldKeyIds] = masterKeyIds

  /** The same value under the present key, or null when it is damaged. */
  function wrapAnew({ purpose }: SealedColumn, { sealed, name }: SealedValue): string | null {
    try {
      return envelope.rewrap(sealed, typeof purpose === 'string' ? purpose : purpose(name))
    } catch (error) {
      // Said in `left`: one damaged value must not keep the others under the old key.
      if (error instanceof SealedValueError) return null
      throw error
    }
  }

  async function rewrapColumn(column: SealedColumn): Promise<number> {
    let done = 0
    for (let after = ''; ; ) {
      const values = await repo.list(column, { keyIds: oldKeyIds, after, limit: batchSize })
      for (const value of values) {
        const wrapped = wrapAnew(column, value)
        if (wrapped !== null && (await repo.replace(column, value, wrapped))) done += 1
      }
      const last = values.at(-1)
      if (last === undefined) return done
      after = last.position
    }
  }

  return {
    async run(ctx) {
      let rewrapped = 0
      const left: Rewrapped['left'] = []
      for (const column of Object.values(sealedColumns)) {
        rewrapped += await rewrapColumn(column)
        for (const counted of await repo.countByKey(column))
          if (counted.keyId !== keyId) left.push({ table: column.table, column: column.column, ...counted })
      }
      await database.transaction(ctx, (tx) =>
        audit.append(tx, {
          action: 'secrets.rewrapped',
          target: { type: 'installation', id: null },
          details: { keyId, rewrapped, left },
        }),
      )
      return { keyId, rewrapped, left }
    },
  }
}

import type { CodeSecret, CodeSecretInput } from '@holdfast/contracts/builder/code'
import { problem } from '@holdfast/contracts/problems'
import type { Database } from '@holdfast/database/database'
import type { Clock } from '@holdfast/kernel/clock'
import type { Envelope } from '@holdfast/kernel/crypto/envelope'
import type { Context } from '../../../../context.ts'
import { sealedColumns } from '../../../../sealing/columns.ts'
import type { Tables } from '../../../../tables.ts'
import type { Events } from '../../../../work/events/service.ts'
import type { AuditLog } from '../../../platform/audit/service.ts'
import type { SecretsRepo } from './repo.ts'

/**
 * Secrets: named values that user code reads with `secrets.get(name)`.
 *
 * Invariants: a value is sealed before it is stored and opened for code alone; no route answers one, no event, audit
 * entry or log holds one.
 * Events: secret.saved, secret.deleted.
 */
export interface Secrets {
  list(ctx: Context): Promise<CodeSecret[]>
  /** Creates or replaces. Throws secrets.too_many. */
  save(ctx: Context, name: string, input: CodeSecretInput): Promise<CodeSecret>
  /** Throws secrets.not_found. */
  remove(ctx: Context, name: string): Promise<void>
  /** For user code alone. Throws secrets.not_found. */
  open(name: string): Promise<string>
}

interface Needs {
  repo: SecretsRepo
  envelope: Pick<Envelope, 'seal' | 'open'>
  database: Pick<Database<Tables>, 'transaction'>
  audit: Pick<AuditLog, 'append'>
  events: Pick<Events, 'append'>
  clock: Clock
}

const secretsMax = 500
const purposeOf = sealedColumns.codeSecret.purpose

export function createSecrets({ repo, envelope, database, audit, events, clock }: Needs): Secrets {
  return {
    list: (ctx) => repo.list(ctx),

    save: (ctx, name, { value, description }) =>
      database.transaction(ctx, async (tx) => {
        const isNew = (await repo.find(tx, name)) === undefined
        if (isNew && (await repo.count(tx)) >= secretsMax) throw problem('secrets.too_many')
        const updatedBy = ctx.actor.kind === 'user' ? ctx.actor.login : 'system'
        const sealed = envelope.seal(value, purposeOf(name))
        await repo.put(tx, { name, value: sealed, description, updatedBy }, clock.now())
        await events.append(tx, { type: 'secret.saved', data: { name } })
        await audit.append(tx, { target: { type: 'secret', id: name }, details: { isNew, description } })
        const saved = await repo.find(tx, name)
        if (saved === undefined) throw problem('secrets.not_found')
        return saved
      }),

    remove: (ctx, name) =>
      database.transaction(ctx, async (tx) => {
        if (!(await repo.remove(tx, name))) throw problem('secrets.not_found')
        await events.append(tx, { type: 'secret.deleted', data: { name } })
        await audit.append(tx, { target: { type: 'secret', id: name } })
      }),

    async open(name) {
      const sealed = await repo.sealed(name)
      if (sealed === null)
        throw problem('secrets.not_found', {
          sentence: `There is no secret called ${name.slice(0, 64)}. Add it under Automation, Secrets.`,
        })
      return envelope.open(sealed, purposeOf(name))
    },
  }
}

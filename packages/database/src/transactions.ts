/**
 * Transactions, what runs at their end and after them, and the tenant they run for.
 *
 * A context that already carries `tx` joins it: nothing is nested and nothing commits before the outermost transaction
 * does. An error inside a joined transaction must therefore reach the outermost one, which rolls everything back.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { type IsolationLevel, type Kysely, sql, type Transaction } from 'kysely'
import { isRetryableError } from './errors.ts'
import type { DatabaseLogger } from './logger.ts'

/** Anything with an optional open transaction: the request's context, or `{}`. */
export interface TransactionContext<Schema> {
  readonly tx?: Transaction<Schema> | undefined
}

export interface TransactionOptions {
  /** PostgreSQL's default (`read committed`) when absent. Only an outermost transaction may choose. */
  readonly isolationLevel?: IsolationLevel
}

export type AfterCommit = () => void | Promise<void>

export interface Transactions<Schema> {
  of(ctx: TransactionContext<Schema>): Kysely<Schema>
  transaction<Context extends TransactionContext<Schema>, Result>(
    ctx: Context,
    work: (ctx: Context & { tx: Transaction<Schema> }) => Promise<Result>,
    options?: TransactionOptions,
  ): Promise<Result>
  afterCommit(ctx: TransactionContext<Schema>, run: AfterCommit): Promise<void>
  /**
   * Runs at the end of the outermost transaction, in it, after everything else: for locks that must be short. An error
   * rolls the transaction back. Throws outside of one.
   */
  beforeCommit(ctx: TransactionContext<Schema>, run: () => Promise<void>): void
  tenant<Context extends TransactionContext<Schema> & { readonly organizationId: string | null }, Result>(
    ctx: Context,
    work: (ctx: Context & { tx: Transaction<Schema> }) => Promise<Result>,
  ): Promise<Result>
}

interface OpenTransaction {
  readonly afterCommit: AfterCommit[]
  readonly beforeCommit: (() => Promise<void>)[]
  organizationId: string
}

const retriesMax = 3
const retryDelayMs = 20

export function createTransactions<Schema>(
  kysely: Kysely<Schema>,
  logger: DatabaseLogger,
): Transactions<Schema> {
  const open = new WeakMap<Transaction<Schema>, OpenTransaction>()

  async function transaction<Context extends TransactionContext<Schema>, Result>(
    ctx: Context,
    work: (ctx: Context & { tx: Transaction<Schema> }) => Promise<Result>,
    options: TransactionOptions = {},
  ): Promise<Result> {
    if (ctx.tx) {
      if (options.isolationLevel) {
        throw new Error('An isolation level can only be chosen where the outermost transaction begins.')
      }
      return work({ ...ctx, tx: ctx.tx })
    }
    for (let attempt = 0; ; attempt += 1) {
      const state: OpenTransaction = { afterCommit: [], beforeCommit: [], organizationId: '' }
      const builder = options.isolationLevel
        ? kysely.transaction().setIsolationLevel(options.isolationLevel)
        : kysely.transaction()
      let result: Result
      try {
        result = await builder.execute(async (tx) => {
          open.set(tx, state)
          const worked = await work({ ...ctx, tx })
          for (const run of state.beforeCommit) await run()
          return worked
        })
      } catch (error) {
        if (attempt >= retriesMax || !isRetryableError(error)) throw error
        logger.debug({ err: error, attempt }, 'A transaction met another one and is run again.')
        // A random part keeps two transactions that met from meeting again.
        await wait(retryDelayMs * (attempt + Math.random()))
        continue
      }
      await runAfterCommit(state.afterCommit)
      return result
    }
  }

  function stateOf(tx: Transaction<Schema>): OpenTransaction {
    const state = open.get(tx)
    if (!state) throw new Error('This transaction was not opened by database.transaction().')
    return state
  }

  /** The work is committed whatever happens here, so a failure is logged and the next one still runs. */
  async function runAfterCommit(callbacks: readonly AfterCommit[]): Promise<void> {
    for (const run of callbacks) {
      try {
        await run()
      } catch (error) {
        logger.error({ err: error }, 'What had to follow a committed transaction failed.')
      }
    }
  }

  async function switchOrganization(
    tx: Transaction<Schema>,
    state: OpenTransaction,
    id: string,
  ): Promise<void> {
    if (state.organizationId === id) return
    await sql`select set_config('app.organization_id', ${id}, true)`.execute(tx)
    state.organizationId = id
  }

  return {
    of: (ctx) => ctx.tx ?? kysely,
    transaction,

    async afterCommit(ctx, run) {
      if (ctx.tx) stateOf(ctx.tx).afterCommit.push(run)
      else await runAfterCommit([run])
    },

    beforeCommit(ctx, run) {
      if (!ctx.tx) throw new Error('There is no transaction to run this at the end of.')
      stateOf(ctx.tx).beforeCommit.push(run)
    },

    async tenant(ctx, work) {
      const { organizationId } = ctx
      if (organizationId === null || organizationId === '') {
        throw new Error('Data of an organization was asked for in a context that has no organization.')
      }
      return transaction(ctx, async (inner) => {
        const state = stateOf(inner.tx)
        const previous = state.organizationId
        await switchOrganization(inner.tx, state, organizationId)
        const result = await work(inner)
        // What follows in an outer transaction must not keep this organization's rights. After a failure there is
        // nothing to restore: the transaction only rolls back.
        await switchOrganization(inner.tx, state, previous)
        return result
      })
    },
  }
}

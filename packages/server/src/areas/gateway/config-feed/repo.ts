import type { EntityKind } from '@holdfast/contracts/gateway/config'
import type { ConfigChange, ConfigEntry } from '@holdfast/contracts/gateway/link'
import type { Database } from '@holdfast/database/database'
import { sql } from 'kysely'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import { type ConfigState, type Countable, type EntityText, entityKey } from './rules.ts'

/** Wakes every replica when a tenant's configuration has a new revision; the payload is the organization's id. */
const configChannel = 'holdfast_gateway_config'
/** A change with more text than this is not worth sending: whoever needs it gets a snapshot. */
const changeBytesMax = 1_000_000
/** So much at once is read for one gateway that is behind. */
const batchBytesMax = 2_000_000
const keptRevisions = 10_000
const keptMs = 7 * 86_400_000
/** One change cuts off at most so many old ones, so that its cost stays its own. */
const cutAtOnce = 20

export type ConfigFeedRepo = ReturnType<typeof createConfigFeedRepo>

/** All SQL of revisions. Everything runs in the tenant's scope. */
export function createConfigFeedRepo(database: Database<Tables>) {
  const organizationOf = (ctx: Context): string => {
    if (ctx.organizationId === null) throw new Error('A configuration belongs to an organization.')
    return ctx.organizationId
  }
  const state = (ctx: Context) =>
    database
      .of(ctx)
      .selectFrom('gateway_configs')
      .select(['revision', 'checksum'])
      .where('organization_id', '=', organizationOf(ctx))

  return {
    find: (ctx: Context): Promise<ConfigState | undefined> => state(ctx).executeTakeFirst(),

    /** Waits for whoever else changes this tenant, until the transaction ends. */
    lock: (ctx: Context): Promise<ConfigState | undefined> => state(ctx).forUpdate().executeTakeFirst(),

    /** Answers false when there is one, also when another transaction was making it. */
    async insert(ctx: Context, first: ConfigState): Promise<boolean> {
      const inserted = await database
        .of(ctx)
        .insertInto('gateway_configs')
        .values({ organization_id: organizationOf(ctx), ...first })
        .onConflict((conflict) => conflict.column('organization_id').doNothing())
        .returning('revision')
        .execute()
      return inserted.length > 0
    },

    async setState(ctx: Context, { revision, checksum }: ConfigState): Promise<void> {
      await database
        .of(ctx)
        .updateTable('gateway_configs')
        .set({ revision, checksum })
        .where('organization_id', '=', organizationOf(ctx))
        .execute()
      await database.notify(ctx, configChannel, organizationOf(ctx))
    },

    /** Adds to what the tenant has of this; answers how many there are then. */
    async count(ctx: Context, what: Countable, added: number): Promise<number> {
      const row = await database
        .of(ctx)
        .updateTable('gateway_configs')
        .set((is) => ({ [what]: is(what, '+', added) }))
        .where('organization_id', '=', organizationOf(ctx))
        .returning(what)
        .executeTakeFirstOrThrow()
      return row[what]
    },

    async counts(ctx: Context): Promise<Record<Countable, number>> {
      const row = await database
        .of(ctx)
        .selectFrom('gateway_configs')
        .select(['services', 'routes', 'consumers'])
        .where('organization_id', '=', organizationOf(ctx))
        .executeTakeFirst()
      return row ?? { services: 0, routes: 0, consumers: 0 }
    },

    /** The text of those of these entities that are in the set, by `entityKey`. */
    async textsOf(ctx: Context, entities: readonly Pick<ConfigEntry, 'kind' | 'id'>[]) {
      const { rows } = await sql<EntityText>`
        select kind, id, text from gateway_entities
        join unnest(${entities.map(({ kind }) => kind)}::text[], ${entities.map(({ id }) => id)}::uuid[])
          as wanted (kind, id) using (kind, id)
        where organization_id = ${organizationOf(ctx)}
      `.execute(database.of(ctx))
      return new Map(rows.map((row) => [entityKey(row), row.text]))
    },

    async store(ctx: Context, entries: readonly ConfigEntry[]): Promise<void> {
      const kept = entries.filter((entry): entry is EntityText => entry.text !== null)
      const removed = entries.filter(({ text }) => text === null)
      if (removed.length > 0) {
        await sql`
          delete from gateway_entities using
            unnest(${removed.map(({ kind }) => kind)}::text[], ${removed.map(({ id }) => id)}::uuid[]) as gone (kind, id)
          where organization_id = ${organizationOf(ctx)} and gateway_entities.kind = gone.kind and gateway_entities.id = gone.id
        `.execute(database.of(ctx))
      }
      if (kept.length > 0) {
        await sql`
          insert into gateway_entities (organization_id, kind, id, text)
          select ${organizationOf(ctx)}::uuid, * from unnest(${kept.map(({ kind }) => kind)}::text[],
            ${kept.map(({ id }) => id)}::uuid[], ${kept.map(({ text }) => text)}::text[])
          on conflict (organization_id, kind, id) do update set text = excluded.text
        `.execute(database.of(ctx))
      }
    },

    async record(ctx: Context, change: ConfigChange, at: Date): Promise<void> {
      const text = JSON.stringify(change.entries)
      const sizeBytes = Buffer.byteLength(text)
      await database
        .of(ctx)
        .insertInto('gateway_changes')
        .values({
          organization_id: organizationOf(ctx),
          revision: change.revision,
          entries: sizeBytes > changeBytesMax ? null : text,
          size_bytes: sizeBytes,
          checksum: change.checksum,
          created_at: at.toISOString(),
        })
        .execute()
      await sql`
        delete from gateway_changes where organization_id = ${organizationOf(ctx)} and revision in (
          select revision from gateway_changes
          where organization_id = ${organizationOf(ctx)} and revision <= ${change.revision - keptRevisions}
            and created_at < ${new Date(at.getTime() - keptMs).toISOString()}
          order by revision limit ${cutAtOnce})
      `.execute(database.of(ctx))
    },

    /** State and set in one statement, so that they are of one moment whatever commits meanwhile. */
    async snapshot(ctx: Context): Promise<(ConfigState & { entries: EntityText[] }) | undefined> {
      const { rows } = await sql<ConfigState & { kind: EntityKind | null; id: string; text: string }>`
        select revision, checksum, kind, id, text from gateway_configs
        left join gateway_entities using (organization_id)
        where organization_id = ${organizationOf(ctx)} order by kind, id
      `.execute(database.of(ctx))
      const [first] = rows
      if (first === undefined) return undefined
      return {
        revision: first.revision,
        checksum: first.checksum,
        entries: rows.flatMap(({ kind, id, text }) => (kind === null ? [] : [{ kind, id, text }])),
      }
    },

    /** In order, from the one that follows `after`: at most `limit` and about two megabytes, but at least one. */
    async changesAfter(
      ctx: Context,
      after: number,
      limit: number,
    ): Promise<{ revision: number; checksum: string; entries: ConfigEntry[] | null }[]> {
      const { rows } = await sql<{ revision: number; checksum: string; entries: string | null }>`
        select revision, checksum, entries from (
          select revision, checksum, entries, size_bytes, sum(size_bytes) over (order by revision) as running from (
            select * from gateway_changes
            where organization_id = ${organizationOf(ctx)} and revision > ${after} order by revision limit ${limit}
          ) as following
        ) as summed
        where running - size_bytes < ${batchBytesMax} order by revision
      `.execute(database.of(ctx))
      return rows.map(({ entries, ...row }) => ({
        ...row,
        entries: entries === null ? null : (JSON.parse(entries) as ConfigEntry[]),
      }))
    },

    listen: (handler: (organizationId: string | null) => void): Promise<() => Promise<void>> =>
      database.listen(configChannel, handler),
  }
}

import { isoOf } from './hot-statements.ts'
import type { Lane, Lanes } from './lanes.ts'

/** The log of changes in the database: what happened to which records, in an order that never changes afterwards. */

export type ChangeKind = 'created' | 'updated' | 'deleted'

export interface Change {
  position: Position
  collectionId: string
  kind: ChangeKind
  recordIds: readonly string[]
  occurredAt: string
}

/** Transaction id and sequence, both 64-bit numbers as text. Ordered by the first, then by the second. */
export interface Position {
  transaction: string
  sequence: string
}

export interface ChangeLog {
  /** Everything that is yet to come is after this. */
  now(): Promise<Position>
  /** Oldest first, without those that are visible in the snapshot `unlessIn`. A change only shows once no older transaction can still commit, so nothing is ever passed over. */
  after(
    position: Position,
    options: { max: number; until?: Position; collectionId?: string; unlessIn?: string },
  ): Promise<Change[]>
  /** False when changes after `position` may have been forgotten already. */
  reaches(position: Position): Promise<boolean>
  /**
   * Forgets what happened before `before`, but for one row that marks how far; answers how many. What is after `held`
   * stays, unless it happened before `since`.
   */
  prune(lane: Lane, before: string, held?: { position: Position; since: string } | null): Promise<number>
}

export function createChangeLog(queries: Lanes): ChangeLog {
  return {
    async now() {
      const { rows } = await queries.use((lane) =>
        lane.run({ text: 'select pg_snapshot_xmin(pg_current_snapshot())' }, []),
      )
      return { transaction: rows[0]?.[0] ?? '0', sequence: '0' }
    },

    async after({ transaction, sequence }, { max, until, collectionId, unlessIn }) {
      const { rows } = await queries.use((lane) =>
        lane.run(
          {
            text: `select c.transaction_id, c.sequence, c.collection_id, c.kind, c.record_ids, c.occurred_at from record_changes as c
              where (c.transaction_id, c.sequence) > ($1::xid8, $2::bigint)
                and c.transaction_id < pg_snapshot_xmin(pg_current_snapshot())
                and ($4::xid8 is null or (c.transaction_id, c.sequence) <= ($4::xid8, $5::bigint))
                and ($6::uuid is null or c.collection_id = $6::uuid)
                and ($7::pg_snapshot is null or not pg_visible_in_snapshot(c.transaction_id, $7::pg_snapshot))
              order by c.transaction_id, c.sequence limit $3`,
          },
          [
            transaction,
            sequence,
            max,
            until?.transaction ?? null,
            until?.sequence ?? null,
            collectionId ?? null,
            unlessIn ?? null,
          ],
        ),
      )
      return rows.map(([transaction, sequence, collectionId, kind, recordIds, occurredAt]) => ({
        position: { transaction: transaction ?? '0', sequence: sequence ?? '0' },
        collectionId: collectionId ?? '',
        kind: kind as ChangeKind,
        recordIds: (recordIds ?? '').split(','),
        occurredAt: isoOf(occurredAt ?? ''),
      }))
    },

    async reaches({ transaction, sequence }) {
      const { rows } = await queries.use((lane) =>
        lane.run(
          {
            text: `select coalesce((
                select o.sequence = 1 or (o.transaction_id, o.sequence) <= ($1::xid8, $2::bigint)
                from record_changes as o order by o.transaction_id, o.sequence limit 1
              ), true)`,
          },
          [transaction, sequence],
        ),
      )
      return rows[0]?.[0] === 't'
    },

    async prune(lane, before, held = null) {
      const { count } = await lane.run(
        {
          text: `delete from record_changes as c using (
              select transaction_id, sequence from record_changes
              where occurred_at < $1 and (
                $2::xid8 is null or (transaction_id, sequence) <= ($2::xid8, $3::bigint) or occurred_at < $4)
              order by transaction_id desc, sequence desc limit 1
            ) as floor
            where (c.transaction_id, c.sequence) < (floor.transaction_id, floor.sequence)`,
        },
        [before, held?.position.transaction ?? null, held?.position.sequence ?? null, held?.since ?? null],
      )
      return count
    },
  }
}

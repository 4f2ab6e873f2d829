import type { ColumnType, Generated } from 'kysely'

/** Row types of every table. Generated from the migrated database by `npm run generate`; a test compares. */
export interface Tables {
  audit_chains: { id: string; sequence: Generated<number>; head: Buffer }
  audit_entries: { chain_id: string; sequence: number; id: string; occurred_at: string; actor_kind: string; actor_id: string | null; actor_name: string; action: string; target_type: string; target_id: string | null; result: string; request_id: string; ip: string | null; details: ColumnType<unknown, string, string>; previous_hash: Buffer; hash: Buffer }
  events: { sequence: Generated<number>; transaction_id: Generated<string>; id: string; type: string; organization_id: string | null; occurred_at: string; data: ColumnType<unknown, string, string> }
  groups: { id: string; name: string; description: Generated<string>; permissions: Generated<string[]>; is_system: Generated<boolean>; created_at: string; updated_at: string }
  user_groups: { user_id: string; group_id: string }
}

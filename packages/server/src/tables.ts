import type { ColumnType, Generated } from 'kysely'

/** Row types of every table. Generated from the migrated database by `npm run generate`; a test compares. */
export interface Tables {
  activity: { id: string; created_at: string; action: string; source: string; user_id: string | null; endpoint_id: string | null; message: string; details: ColumnType<unknown, string | null, string | null>; ip: string | null; user_agent: string | null; status_code: number | null; response_time_ms: number | null }
  activity_days: { day: string; row_count: Generated<number> }
  audit_chains: { id: string; sequence: Generated<number>; head: Buffer }
  audit_entries: { chain_id: string; sequence: number; id: string; occurred_at: string; actor_kind: string; actor_id: string | null; actor_name: string; action: string; target_type: string; target_id: string | null; result: string; request_id: string; ip: string | null; details: ColumnType<unknown, string, string>; previous_hash: Buffer; hash: Buffer }
  event_consumers: { name: string; transaction_id: string; sequence: number; lease_holder: string | null; lease_until: Generated<string> }
  events: { sequence: Generated<number>; transaction_id: Generated<string>; id: string; type: string; organization_id: string | null; occurred_at: string; data: ColumnType<unknown, string, string> }
  groups: { id: string; name: string; description: Generated<string>; permissions: Generated<string[]>; is_system: Generated<boolean>; created_at: string; updated_at: string }
  job_runners: { id: string; seen_at: Generated<string> }
  operations: { id: string; kind: string; state: string; progress_done: Generated<number>; progress_total: number | null; message: string | null; problem: ColumnType<unknown, string | null, string | null>; result: ColumnType<unknown, string | null, string | null>; input: ColumnType<unknown, string, string>; target_type: string; target_id: string | null; created_by: string | null; cancel_requested: Generated<boolean>; created_at: string; started_at: string | null; finished_at: string | null; updated_at: string; version: Generated<number> }
  schedules: { name: string; cron: string; time_zone: string; job: string; payload: ColumnType<unknown, string, string>; missed: string; enabled: Generated<boolean>; next_run_at: string | null; last_run_at: string | null; run_count: Generated<number> }
  settings: { name: string; value: ColumnType<unknown, string, string>; updated_at: string }
  user_groups: { user_id: string; group_id: string }
}

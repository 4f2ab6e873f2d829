import type { ColumnType, Generated } from 'kysely'

/** Row types of every table. Generated from the migrated database by `npm run generate`; a test compares. */
export interface Tables {
  activity: {
    id: string
    created_at: string
    action: string
    source: string
    user_id: string | null
    endpoint_id: string | null
    message: string
    details: ColumnType<unknown, string | null, string | null>
    ip: string | null
    user_agent: string | null
    status_code: number | null
    response_time_ms: number | null
  }
  activity_days: { day: string; row_count: Generated<number> }
  audit_chains: { id: string; sequence: Generated<number>; head: Buffer }
  audit_entries: {
    chain_id: string
    sequence: number
    id: string
    occurred_at: string
    actor_kind: string
    actor_id: string | null
    actor_name: string
    action: string
    target_type: string
    target_id: string | null
    result: string
    request_id: string
    ip: string | null
    details: ColumnType<unknown, string, string>
    previous_hash: Buffer
    hash: Buffer
  }
  collection_fields: {
    id: string
    collection_id: string
    parent_id: string | null
    key: string
    name: string
    type: string
    ref_collection_id: string | null
    is_unique: boolean
    is_indexed: boolean
    is_hidden: boolean
    read_group_ids: string[]
    write_group_ids: string[]
    retired_at: string | null
    is_empty: boolean
  }
  collections: { id: string; path: string; created_at: string }
  endpoint_calls: { endpoint_id: string; count: number }
  endpoint_groups: {
    id: string
    name: string
    description: string
    icon: string
    color: string
    position: number
    network_access: ColumnType<unknown, string, string>
    created_at: string
    updated_at: string
  }
  endpoint_versions: {
    endpoint_id: string
    version: number
    schema: ColumnType<unknown, string, string>
    created_by: string | null
    created_by_name: string
    created_at: string
  }
  endpoints: {
    id: string
    collection_id: string
    name: string
    description: string
    slug: string
    path: string
    path_shape: string
    method: string
    api_version: string | null
    group_id: string | null
    schema: ColumnType<unknown, string, string>
    schema_version: number
    access_type: string
    allowed_group_ids: string[]
    network_access: ColumnType<unknown, string, string>
    inherit_group_network_access: boolean
    handlers: ColumnType<unknown, string, string>
    rate_limit: ColumnType<unknown, string | null, string | null>
    data_retention_days: number | null
    enabled: boolean
    created_by: string | null
    created_at: string
    updated_at: string
  }
  event_consumers: {
    name: string
    transaction_id: string
    sequence: number
    lease_holder: string | null
    lease_until: Generated<string>
  }
  events: {
    sequence: Generated<number>
    transaction_id: Generated<string>
    id: string
    type: string
    organization_id: string | null
    occurred_at: string
    data: ColumnType<unknown, string, string>
  }
  groups: {
    id: string
    name: string
    description: Generated<string>
    permissions: Generated<string[]>
    is_system: Generated<boolean>
    created_at: string
    updated_at: string
  }
  installation: {
    id: Generated<boolean>
    initialised_at: string | null
    code_salt: string
    account: ColumnType<unknown, string | null, string | null>
    place: ColumnType<unknown, string | null, string | null>
    purpose: ColumnType<unknown, string | null, string | null>
  }
  job_runners: { id: string; seen_at: Generated<string> }
  operations: {
    id: string
    kind: string
    state: string
    progress_done: Generated<number>
    progress_total: number | null
    message: string | null
    problem: ColumnType<unknown, string | null, string | null>
    result: ColumnType<unknown, string | null, string | null>
    input: ColumnType<unknown, string, string>
    target_type: string
    target_id: string | null
    created_by: string | null
    cancel_requested: Generated<boolean>
    created_at: string
    started_at: string | null
    finished_at: string | null
    updated_at: string
    version: Generated<number>
  }
  record_changes: {
    sequence: Generated<number>
    transaction_id: Generated<string>
    collection_id: string
    kind: string
    record_ids: string
    occurred_at: string
  }
  record_counts: { collection_id: string; shard: number; count: number }
  record_idempotency_keys: {
    endpoint_id: string
    caller: string
    key: string
    request_hash: string
    status: number
    answer: string
    created_at: string
  }
  record_import_chunks: { import_id: string; position: number; bytes: Buffer }
  record_import_refusals: { import_id: string; line: number; message: string; text: string }
  record_imports: {
    id: string
    endpoint_id: string
    format: string
    group_ids: string[]
    size_bytes: number
    created_by: string | null
    created_at: string
    lines_done: Generated<number>
    accepted: Generated<number>
    refused: Generated<number>
  }
  schedules: {
    name: string
    cron: string
    time_zone: string
    job: string
    payload: ColumnType<unknown, string, string>
    missed: string
    enabled: Generated<boolean>
    next_run_at: string | null
    last_run_at: string | null
    run_count: Generated<number>
  }
  settings: { name: string; value: ColumnType<unknown, string, string>; updated_at: string }
  organization_members: { organization_id: string; user_id: string; role: string; created_at: string }
  organizations: {
    id: string
    name: string
    slug: string
    gateway_key_prefix: string | null
    gateway_key_hash: Buffer | null
    created_at: string
    updated_at: string
  }
  password_tokens: {
    id: string
    user_id: string
    purpose: string
    prefix: string
    hash: Buffer
    created_at: string
    expires_at: string
    used_at: string | null
  }
  refresh_tokens: {
    prefix: string
    hash: Buffer
    session_id: string
    created_at: string
    used_at: string | null
  }
  sessions: {
    id: string
    user_id: string
    created_at: string
    last_refreshed_at: string
    expires_at: string
    revoked_at: string | null
    revoked_reason: string | null
    ip: string | null
    user_agent: string | null
  }
  sign_in_attempts: { kind: string; subject: Buffer; attempts: number; window_ends_at: string }
  signing_keys: {
    id: string
    public_key: ColumnType<unknown, string, string>
    private_key_sealed: string
    active_from: string
    retires_at: string | null
    created_at: string
  }
  user_groups: { user_id: string; group_id: string }
  users: {
    id: string
    login: string
    email: string | null
    name: string
    status: string
    password_hash: string | null
    must_change_password: Generated<boolean>
    default_organization_id: string
    last_login_at: string | null
    created_at: string
    updated_at: string
  }
}

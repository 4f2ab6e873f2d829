/** Row types of every table. Generated from the migrated database by `npm run generate`; a test compares. */
import type { ColumnType } from 'kysely'

/** Read as the value it is, written as JSON text: `pg` would send an array as PostgreSQL's own array. */
type Json = ColumnType<unknown, string, string>

type Generated<T> =
  T extends ColumnType<infer S, infer I, infer U>
    ? ColumnType<S, I | undefined, U>
    : ColumnType<T, T | undefined, T>

interface Activity {
  action: string
  created_at: string
  details: Json | null
  endpoint_id: string | null
  id: string
  ip: string | null
  message: string
  response_time_ms: number | null
  source: string
  status_code: number | null
  user_agent: string | null
  user_id: string | null
}

interface ActivityDays {
  day: string
  row_count: Generated<number>
}

interface AuditChains {
  head: Buffer
  id: string
  sequence: Generated<number>
}

interface AuditEntries {
  action: string
  actor_id: string | null
  actor_kind: string
  actor_name: string
  chain_id: string
  details: Json
  hash: Buffer
  id: string
  ip: string | null
  occurred_at: string
  previous_hash: Buffer
  request_id: string
  result: string
  sequence: number
  target_id: string | null
  target_type: string
}

interface CodeSecrets {
  created_at: string
  description: string
  name: string
  updated_at: string
  updated_by: string
  value: string
}

interface CollectionFields {
  collection_id: string
  id: string
  is_empty: boolean
  is_hidden: boolean
  is_indexed: boolean
  is_unique: boolean
  key: string
  name: string
  parent_id: string | null
  read_group_ids: string[]
  ref_collection_id: string | null
  retired_at: string | null
  type: string
  write_group_ids: string[]
}

interface Collections {
  created_at: string
  id: string
  path: string
}

interface CronDaily {
  day: string
  error: Generated<number>
  success: Generated<number>
}

interface CronJobs {
  action: Json
  created_at: string
  description: string
  enabled: boolean
  id: string
  last_run_at: string | null
  last_run_message: string | null
  last_run_status: string | null
  missed_runs: string
  name: string
  next_run_at: string | null
  overlap: string
  schedule: string
  time_zone: string
  timeout_ms: number
  updated_at: string
}

interface CronRuns {
  attempt: number
  console: Generated<Json>
  console_dropped: Generated<number>
  created_at: string
  cron_id: string
  duration_ms: number | null
  error: Json | null
  finished_at: string | null
  holder: string | null
  id: string
  lease_until: string | null
  message: Generated<string>
  output: Json | null
  scheduled_for: string
  started_at: string | null
  state: string
  trigger: string
}

interface EndpointCalls {
  count: number
  endpoint_id: string
}

interface EndpointGroups {
  color: string
  created_at: string
  description: string
  icon: string
  id: string
  name: string
  network_access: Json
  position: number
  updated_at: string
}

interface Endpoints {
  access_type: string
  allowed_group_ids: string[]
  api_version: string | null
  collection_id: string
  created_at: string
  created_by: string | null
  data_retention_days: number | null
  description: string
  enabled: boolean
  group_id: string | null
  handlers: Json
  id: string
  inherit_group_network_access: boolean
  method: string
  name: string
  network_access: Json
  path: string
  path_shape: string
  rate_limit: Json | null
  schema: Json
  schema_version: number
  slug: string
  updated_at: string
}

interface EndpointVersions {
  created_at: string
  created_by: string | null
  created_by_name: string
  endpoint_id: string
  schema: Json
  version: number
}

interface EventConsumers {
  lease_holder: string | null
  lease_until: Generated<string>
  name: string
  sequence: number
  transaction_id: string
}

interface Events {
  data: Json
  id: string
  occurred_at: string
  organization_id: string | null
  sequence: Generated<number>
  transaction_id: Generated<string>
  type: string
}

interface GatewayChanges {
  checksum: string
  created_at: string
  entries: string | null
  organization_id: string
  revision: number
  size_bytes: number
}

interface GatewayConfigs {
  checksum: string
  consumers: Generated<number>
  organization_id: string
  revision: number
  routes: Generated<number>
  services: Generated<number>
}

interface GatewayConsumers {
  created_at: string
  id: string
  key_hash: Buffer
  name: string
  organization_id: string
  rate_limit_tier: string
  revoked_at: string | null
}

interface GatewayEntities {
  id: string
  kind: string
  organization_id: string
  text: string
}

interface GatewayKeys {
  created_at: string
  expires_at: string | null
  hash: Buffer
  id: string
  label: string
  last_used_at: string | null
  organization_id: string
  prefix: string
  revoked_at: string | null
}

interface GatewayRoutes {
  addresses: Json | null
  auth_required: boolean
  body_size_bytes_max: number | null
  cors: Json | null
  created_at: string
  deleted_at: string | null
  enabled: boolean
  endpoint_id: string | null
  host: string | null
  id: string
  match_key: string
  method: string
  organization_id: string
  path_pattern: string
  rate_limit_override: number | null
  request_headers: Json | null
  response_headers: Json | null
  retries: number
  service_id: string
  strip_prefix: boolean
  timeout_ms: number | null
  updated_at: string
}

interface Gateways {
  address: string | null
  applied_checksum: string | null
  applied_revision: number | null
  connected_at: string | null
  disconnected_at: string | null
  dropped_events: Generated<number>
  hostname: string | null
  id: string
  key_id: string
  last_seen_at: string | null
  organization_id: string
  version: string | null
}

interface GatewayServices {
  circuit_breaker: Json | null
  created_at: string
  deleted_at: string | null
  health_check_path: string
  id: string
  name: string
  organization_id: string
  targets: Json
  timeout_ms: number
  updated_at: string
}

interface GatewaySettings {
  addresses: Json | null
  anonymous_per_minute: number | null
  body_size_bytes_max: number
  organization_id: string
  tiers: Json
  updated_at: string
}

interface Groups {
  created_at: string
  description: Generated<string>
  id: string
  is_system: Generated<boolean>
  name: string
  permissions: Generated<string[]>
  updated_at: string
}

interface HandlerRuns {
  console: Json
  console_dropped: number
  created_at: string
  duration_ms: number
  endpoint_id: string
  failure: string | null
  handler: string
  id: string
  message: string
  request_id: string
  stack: string
  type: string
}

interface Installation {
  account: Json | null
  code_salt: string
  id: Generated<boolean>
  initialised_at: string | null
  place: Json | null
  purpose: Json | null
}

interface JobRunners {
  id: string
  seen_at: Generated<string>
}

interface Operations {
  cancel_requested: Generated<boolean>
  created_at: string
  created_by: string | null
  finished_at: string | null
  id: string
  input: Generated<Json>
  kind: string
  message: string | null
  problem: Json | null
  progress_done: Generated<number>
  progress_total: number | null
  result: Json | null
  started_at: string | null
  state: string
  target_id: string | null
  target_type: string
  updated_at: string
  version: Generated<number>
}

interface OrganizationMembers {
  created_at: string
  organization_id: string
  role: string
  user_id: string
}

interface Organizations {
  created_at: string
  /**
   * Moved to gateway_keys; an older replica may still write it.
   */
  gateway_key_hash: Buffer | null
  /**
   * Moved to gateway_keys; an older replica may still write it.
   */
  gateway_key_prefix: string | null
  id: string
  name: string
  slug: string
  updated_at: string
}

interface PasswordTokens {
  created_at: string
  expires_at: string
  hash: Buffer
  id: string
  prefix: string
  purpose: string
  used_at: string | null
  user_id: string
}

interface RecordChanges {
  collection_id: string
  kind: string
  occurred_at: string
  record_ids: string
  sequence: Generated<number>
  transaction_id: Generated<string>
}

interface RecordCounts {
  collection_id: string
  count: number
  shard: number
}

interface RecordIdempotencyKeys {
  answer: string
  caller: string
  created_at: string
  endpoint_id: string
  key: string
  request_hash: string
  status: number
}

interface RecordImportChunks {
  bytes: Buffer
  import_id: string
  position: number
}

interface RecordImportRefusals {
  import_id: string
  line: number
  message: string
  text: string
}

interface RecordImports {
  accepted: Generated<number>
  created_at: string
  created_by: string | null
  endpoint_id: string
  format: string
  group_ids: string[]
  id: string
  lines_done: Generated<number>
  refused: Generated<number>
  size_bytes: number
}

interface RefreshTokens {
  created_at: string
  hash: Buffer
  prefix: string
  session_id: string
  used_at: string | null
}

interface Schedules {
  cron: string
  enabled: Generated<boolean>
  job: string
  last_run_at: string | null
  missed: string
  name: string
  next_run_at: string | null
  payload: Generated<Json>
  run_count: Generated<number>
  time_zone: string
}

interface Sessions {
  created_at: string
  expires_at: string
  id: string
  ip: string | null
  last_refreshed_at: string
  revoked_at: string | null
  revoked_reason: string | null
  user_agent: string | null
  user_id: string
}

interface Settings {
  name: string
  updated_at: string
  value: Json
}

interface SignInAttempts {
  attempts: number
  kind: string
  subject: Buffer
  window_ends_at: string
}

interface SigningKeys {
  active_from: string
  created_at: string
  id: string
  private_key_sealed: string
  public_key: Json
  retires_at: string | null
}

interface UserGroups {
  group_id: string
  user_id: string
}

interface Users {
  created_at: string
  default_organization_id: string
  email: string | null
  id: string
  last_login_at: string | null
  login: string
  must_change_password: Generated<boolean>
  name: string
  password_hash: string | null
  status: string
  updated_at: string
}

export interface Tables {
  activity: Activity
  activity_days: ActivityDays
  audit_chains: AuditChains
  audit_entries: AuditEntries
  code_secrets: CodeSecrets
  collection_fields: CollectionFields
  collections: Collections
  cron_daily: CronDaily
  cron_jobs: CronJobs
  cron_runs: CronRuns
  endpoint_calls: EndpointCalls
  endpoint_groups: EndpointGroups
  endpoint_versions: EndpointVersions
  endpoints: Endpoints
  event_consumers: EventConsumers
  events: Events
  gateway_changes: GatewayChanges
  gateway_configs: GatewayConfigs
  gateway_consumers: GatewayConsumers
  gateway_entities: GatewayEntities
  gateway_keys: GatewayKeys
  gateway_routes: GatewayRoutes
  gateway_services: GatewayServices
  gateway_settings: GatewaySettings
  gateways: Gateways
  groups: Groups
  handler_runs: HandlerRuns
  installation: Installation
  job_runners: JobRunners
  operations: Operations
  organization_members: OrganizationMembers
  organizations: Organizations
  password_tokens: PasswordTokens
  record_changes: RecordChanges
  record_counts: RecordCounts
  record_idempotency_keys: RecordIdempotencyKeys
  record_import_chunks: RecordImportChunks
  record_import_refusals: RecordImportRefusals
  record_imports: RecordImports
  refresh_tokens: RefreshTokens
  schedules: Schedules
  sessions: Sessions
  settings: Settings
  sign_in_attempts: SignInAttempts
  signing_keys: SigningKeys
  user_groups: UserGroups
  users: Users
}

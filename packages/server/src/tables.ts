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
  request_id: string | null
  response_time_ms: number | null
  search: string | null
  source: string
  status_code: number | null
  user_agent: string | null
  user_id: string | null
  user_login: string | null
}

interface ActivityDays {
  day: string
  row_count: Generated<number>
}

interface ActivityHours {
  action: string
  calls: Generated<number>
  errors: Generated<number>
  hour: string
  source: string
}

interface ActivityUsers {
  last_day: string
  user_id: string
}

interface ApiTokens {
  allowed_addresses: Generated<string[]>
  created_at: string
  expires_at: string | null
  hash: Buffer
  id: string
  issued_at: string
  last_used_at: string | null
  last_used_ip: string | null
  name: string
  plugin_id: string | null
  prefix: string
  previous_hash: Buffer | null
  previous_prefix: string | null
  previous_until: string | null
  scopes: string[]
  user_id: string
}

interface AuditChains {
  head: Buffer
  id: string
  previous_head: Generated<Buffer>
  sequence: Generated<number>
}

interface AuditCheckpoints {
  at: string
  chain_id: string
  hash: Buffer
  key_id: string
  sequence: number
  signature: string
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

interface AuditKeys {
  created_at: string
  key_id: string
  public_key_sealed: string
}

interface AuditSegments {
  chain_id: string
  file_hash: Buffer
  file_name: string
  from_sequence: number
  key_id: string
  last_hash: Buffer
  sealed_at: string
  signature: string
  to_sequence: number
}

interface AuditVerdicts {
  id: string
  verdict: Json
  verified_at: string
}

interface Backups {
  checksum: string | null
  created_at: string
  encryption: string
  error: string | null
  file_name: string
  id: string
  location: string
  origin: string
  passphrase_sealed: string | null
  row_count: number | null
  server: string
  size_bytes: number | null
  state: string
  table_count: number | null
  verified_at: string | null
  version: string
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

interface ConfigHistory {
  changed_at: string
  changed_by: string | null
  changed_by_name: string
  is_removed: boolean
  is_sensitive: boolean
  key: string
  new_sealed: string | null
  new_value: Json | null
  old_sealed: string | null
  old_value: Json | null
  reason: string | null
  version: number
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

interface GatewayConsumerHours {
  at: string
  consumer_id: string
  organization_id: string
  requests: number
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

interface GatewayConsumerTenMinutes {
  at: string
  consumer_id: string
  organization_id: string
  requests: number
}

interface GatewayEntities {
  id: string
  kind: string
  organization_id: string
  text: string
}

interface GatewayErrorEvents {
  at: string
  error_code: string
  gateway_id: string
  id: string
  message: string
  organization_id: string
  path: string
  request_id: string
  resolved_at: string | null
  service_id: string | null
  status_code: number
}

interface GatewayHealthChecks {
  checked_at: string
  error_message: string | null
  gateway_id: string
  latency_ms: number | null
  organization_id: string
  service_id: string
  status: string
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

interface GatewayMetrics {
  at: string
  errors: number
  latency: Json
  organization_id: string
  refused: number
  requests: number
  slot_seconds: number
}

interface GatewayRequestLogs {
  at: string
  client_ip: string
  consumer_id: string | null
  downstream_latency_ms: number | null
  error_code: string | null
  gateway_id: string
  id: string
  method: string
  organization_id: string
  path: string
  request_id: string
  response_time_ms: number
  route_id: string | null
  service_id: string | null
  status_code: number
  transaction_id: Generated<string>
  user_agent: string | null
  user_id: string | null
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
  path_match: Generated<string>
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
  connection_id: string | null
  disconnected_at: string | null
  dropped_events: Generated<number>
  hostname: string | null
  id: string
  key_id: string
  last_seen_at: string | null
  organization_id: string
  previous_end: string | null
  version: string | null
}

interface GatewayServices {
  circuit_breaker: Json | null
  created_at: string
  deleted_at: string | null
  health_check_path: string
  id: string
  is_platform: Generated<boolean>
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

interface GatewayTelemetryPositions {
  boot_id: string
  gateway_id: string
  organization_id: string
  sequence: number
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

interface MfaChallenges {
  created_at: string
  expires_at: string
  hash: Buffer
  prefix: string
  used_at: string | null
  user_id: string
}

interface MfaRecoveryCodes {
  hash: Buffer
  used_at: string | null
  user_id: string
}

interface NotificationReads {
  notification_id: string
  user_id: string
}

interface Notifications {
  created_at: string
  id: string
  kind: string
  link: string | null
  message: string
  permission: string | null
  title: string
  user_id: string | null
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
  mailed_to: string | null
  prefix: string
  purpose: string
  used_at: string | null
  user_id: string
}

interface Plugins {
  check_error: string | null
  checked_at: string | null
  config_sealed: string
  config_version: Generated<number>
  created_at: string
  health: Generated<string>
  id: string
  last_heartbeat_at: string | null
  manifest: Json
  name: string
  reported: string | null
  reported_message: string | null
  secret_sealed: string
  state: string
  updated_at: string
  version: string
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
  is_sensitive: Generated<boolean>
  name: string
  sealed: string | null
  updated_at: string
  value: Json | null
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

interface UserIdentities {
  created_at: string
  id: string
  issuer: string
  label: string
  last_used_at: string | null
  provider: string
  subject: string
  user_id: string
}

interface UserMfa {
  created_at: string
  enabled_at: string | null
  last_used_step: Generated<number>
  secret_sealed: string
  user_id: string
}

interface Users {
  created_at: string
  default_organization_id: string
  email: string | null
  email_proven_at: string | null
  id: string
  last_login_at: string | null
  login: string
  must_change_password: Generated<boolean>
  name: string
  password_hash: string | null
  status: string
  updated_at: string
}

interface WebhookAttempts {
  delivery_id: string
  duration_ms: number
  error: string | null
  id: string
  request_headers: Json
  response_body: string | null
  response_headers: Json | null
  started_at: string
  status: number | null
  truncated: boolean
}

interface WebhookDays {
  day: string
  error_count: Generated<number>
  success_count: Generated<number>
  webhook_id: string
}

interface WebhookDeliveries {
  attempts: Generated<number>
  body: string
  claim: string | null
  created_at: string
  error: string | null
  event_id: string
  event_type: string
  finished_at: string | null
  id: string
  is_test: Generated<boolean>
  next_attempt_at: string | null
  response_status: number | null
  sequence: Generated<number>
  state: string
  webhook_id: string
}

interface WebhookRecordPlaces {
  sequence: number
  since: string
  transaction_id: string
  webhook_id: string
}

interface Webhooks {
  created_at: string
  disabled_reason: string | null
  enabled: boolean
  events: string[]
  failing_since: string | null
  header_names: string[]
  headers_sealed: string
  id: string
  last_status: string | null
  last_triggered_at: string | null
  name: string
  ordered: boolean
  plugin_id: string | null
  previous_secret_sealed: string | null
  previous_secret_until: string | null
  secret_sealed: string
  updated_at: string
  url: string
}

export interface Tables {
  activity: Activity
  activity_days: ActivityDays
  activity_hours: ActivityHours
  activity_users: ActivityUsers
  api_tokens: ApiTokens
  audit_chains: AuditChains
  audit_checkpoints: AuditCheckpoints
  audit_entries: AuditEntries
  audit_keys: AuditKeys
  audit_segments: AuditSegments
  audit_verdicts: AuditVerdicts
  backups: Backups
  code_secrets: CodeSecrets
  collection_fields: CollectionFields
  collections: Collections
  config_history: ConfigHistory
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
  gateway_consumer_hours: GatewayConsumerHours
  gateway_consumer_ten_minutes: GatewayConsumerTenMinutes
  gateway_consumers: GatewayConsumers
  gateway_entities: GatewayEntities
  gateway_error_events: GatewayErrorEvents
  gateway_health_checks: GatewayHealthChecks
  gateway_keys: GatewayKeys
  gateway_metrics: GatewayMetrics
  gateway_request_logs: GatewayRequestLogs
  gateway_routes: GatewayRoutes
  gateway_services: GatewayServices
  gateway_settings: GatewaySettings
  gateway_telemetry_positions: GatewayTelemetryPositions
  gateways: Gateways
  groups: Groups
  handler_runs: HandlerRuns
  installation: Installation
  job_runners: JobRunners
  mfa_challenges: MfaChallenges
  mfa_recovery_codes: MfaRecoveryCodes
  notification_reads: NotificationReads
  notifications: Notifications
  operations: Operations
  organization_members: OrganizationMembers
  organizations: Organizations
  password_tokens: PasswordTokens
  plugins: Plugins
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
  user_identities: UserIdentities
  user_mfa: UserMfa
  users: Users
  webhook_attempts: WebhookAttempts
  webhook_days: WebhookDays
  webhook_deliveries: WebhookDeliveries
  webhook_record_places: WebhookRecordPlaces
  webhooks: Webhooks
}

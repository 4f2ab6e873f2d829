-- Outgoing webhooks: who is told about which events, and how they have answered lately.
create table webhooks (
  id uuid primary key,
  name text not null,
  url text not null,
  events text[] not null,
  enabled boolean not null,
  ordered boolean not null,
  secret_sealed text not null,
  previous_secret_sealed text,
  previous_secret_until timestamptz(3),
  header_names text[] not null,
  headers_sealed text not null,
  disabled_reason text check (disabled_reason in ('failing', 'gone')),
  failing_since timestamptz(3),
  last_triggered_at timestamptz(3),
  last_status text check (last_status in ('success', 'error')),
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null
) with (fillfactor = 70);

-- One row per event and webhook, however often it is tried. `next_attempt_at` of a row that is being sent is the end of
-- the sender's lease, so that the delivery of a dead one falls due again.
create table webhook_deliveries (
  id uuid primary key,
  sequence bigint generated always as identity,
  webhook_id uuid not null references webhooks (id) on delete cascade,
  event_id uuid not null,
  event_type text not null,
  is_test boolean not null default false,
  body text not null,
  state text not null check (state in ('pending', 'success', 'failed')),
  attempts smallint not null default 0,
  next_attempt_at timestamptz(3),
  claim uuid,
  response_status smallint,
  error text,
  created_at timestamptz(3) not null,
  finished_at timestamptz(3)
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.1);
create unique index webhook_deliveries_event on webhook_deliveries (webhook_id, event_id);
create index webhook_deliveries_due on webhook_deliveries (webhook_id, next_attempt_at) where state = 'pending';
create index webhook_deliveries_order on webhook_deliveries (webhook_id, sequence) where state = 'pending';
create index webhook_deliveries_log on webhook_deliveries (webhook_id, sequence desc);
create index webhook_deliveries_failed on webhook_deliveries (webhook_id, sequence desc) where state = 'failed';
create index webhook_deliveries_finished on webhook_deliveries (finished_at) where finished_at is not null;

-- What was sent and what came back, for people who look for a fault.
create table webhook_attempts (
  id uuid primary key,
  delivery_id uuid not null references webhook_deliveries (id) on delete cascade,
  started_at timestamptz(3) not null,
  duration_ms integer not null,
  request_headers jsonb not null,
  status smallint,
  response_headers jsonb,
  response_body text,
  truncated boolean not null,
  error text
);
create index webhook_attempts_delivery on webhook_attempts (delivery_id, id);

-- How many attempts succeeded and failed each day (UTC), so that charts never count attempts.
create table webhook_days (
  day date not null,
  webhook_id uuid not null,
  success_count bigint not null default 0,
  error_count bigint not null default 0,
  primary key (day, webhook_id)
) with (fillfactor = 50);

-- What the product has to tell people: one of them, or everybody who holds a permission.
create table notifications (
  id uuid primary key,
  user_id uuid references users (id) on delete cascade,
  permission text,
  kind text not null,
  title text not null,
  message text not null,
  link text,
  created_at timestamptz(3) not null,
  check ((user_id is null) <> (permission is null))
);
create index notifications_user on notifications (user_id, id desc) where user_id is not null;
create index notifications_permission on notifications (permission, id desc) where permission is not null;
create index notifications_created on notifications (created_at);

create table notification_reads (
  user_id uuid not null references users (id) on delete cascade,
  notification_id uuid not null references notifications (id) on delete cascade,
  primary key (user_id, notification_id)
);
create index notification_reads_notification on notification_reads (notification_id);

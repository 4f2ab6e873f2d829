-- What gateways report. Everything is the organization's own, behind row-level security; inserts come in batches.

-- One row per request that a gateway answered. One partition per day (UTC); retention drops partitions.
create table gateway_request_logs (
  organization_id uuid not null,
  at timestamptz(3) not null,
  id uuid not null,
  gateway_id uuid not null,
  route_id uuid,
  service_id uuid,
  consumer_id uuid,
  method text not null,
  path text not null,
  status_code smallint not null,
  response_time_ms real not null,
  downstream_latency_ms real,
  request_id text not null,
  client_ip text not null,
  user_agent text,
  error_code text,
  primary key (organization_id, at, id)
) partition by range (at);
create index gateway_request_logs_consumer on gateway_request_logs (organization_id, consumer_id, at desc, id desc)
  where consumer_id is not null;
create index gateway_request_logs_route on gateway_request_logs (organization_id, route_id, at desc, id desc)
  where route_id is not null;
create index gateway_request_logs_status on gateway_request_logs (organization_id, status_code, at desc, id desc);

-- What went wrong on the way to an upstream, until somebody says that it is dealt with. Also one partition per day.
create table gateway_error_events (
  organization_id uuid not null,
  at timestamptz(3) not null,
  id uuid not null,
  gateway_id uuid not null,
  request_id text not null,
  error_code text not null,
  message text not null,
  service_id uuid,
  path text not null,
  status_code smallint not null,
  resolved_at timestamptz(3),
  primary key (organization_id, at, id)
) partition by range (at);
create index gateway_error_events_id on gateway_error_events (organization_id, id);
create index gateway_error_events_open on gateway_error_events (organization_id, at desc, id desc) where resolved_at is null;
create index gateway_error_events_resolved on gateway_error_events (organization_id, at desc, id desc)
  where resolved_at is not null;

-- Counts of all gateways of a tenant, by slots of 10 seconds, a minute and an hour. `latency` is a histogram, bucket to
-- count, so that slots and gateways are added up and percentiles are read from the sum.
create table gateway_metrics (
  organization_id uuid not null references organizations (id) on delete cascade,
  slot_seconds integer not null check (slot_seconds in (10, 60, 3600)),
  at timestamptz(3) not null,
  requests bigint not null,
  errors bigint not null,
  refused bigint not null,
  latency jsonb not null,
  primary key (organization_id, slot_seconds, at)
) with (fillfactor = 50);

create function gateway_histogram_sum(one jsonb, other jsonb) returns jsonb language sql immutable as $$
  select coalesce(jsonb_object_agg(bucket, counted), '{}') from (
    select bucket, sum(count::bigint) as counted from (
      select * from jsonb_each_text(one) union all select * from jsonb_each_text(other)
    ) as both_sides (bucket, count) group by bucket
  ) as summed
$$;

-- Requests of each consumer, by hours.
create table gateway_consumer_hours (
  organization_id uuid not null references organizations (id) on delete cascade,
  consumer_id uuid not null,
  at timestamptz(3) not null,
  requests bigint not null,
  primary key (organization_id, consumer_id, at)
) with (fillfactor = 50);

-- What the gateways' health checks found; the newest hundred of each service are kept.
create table gateway_health_checks (
  organization_id uuid not null references organizations (id) on delete cascade,
  service_id uuid not null,
  checked_at timestamptz(3) not null,
  gateway_id uuid not null,
  status text not null check (status in ('healthy', 'degraded', 'unhealthy', 'unknown')),
  latency_ms real,
  error_message text,
  primary key (organization_id, service_id, checked_at, gateway_id)
);

-- How far the telemetry of each gateway process has been stored: a batch that comes again is acknowledged and left out.
create table gateway_telemetry_positions (
  organization_id uuid not null references organizations (id) on delete cascade,
  gateway_id uuid not null,
  boot_id uuid not null,
  sequence bigint not null,
  updated_at timestamptz(3) not null,
  primary key (organization_id, gateway_id, boot_id)
);

-- Which link wrote the row of a gateway: the end of an older link must not mark a newer one as gone.
alter table gateways add column connection_id uuid;

do $$
declare
  owned text;
begin
  foreach owned in array array['gateway_request_logs', 'gateway_error_events', 'gateway_metrics',
    'gateway_consumer_hours', 'gateway_health_checks', 'gateway_telemetry_positions']
  loop
    execute format('alter table %I enable row level security', owned);
    execute format('alter table %I force row level security', owned);
    execute format('create policy %I on %I using (organization_id = nullif(current_setting(''app.organization_id'', true), '''')::uuid)',
      owned || '_tenant', owned);
  end loop;
end
$$;

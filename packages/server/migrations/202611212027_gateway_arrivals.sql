-- Which transaction stored a request: who follows the log is told of what has been stored since they looked, however long ago
-- the request began.
alter table gateway_request_logs add column transaction_id xid8 not null default pg_current_xact_id();
create index gateway_request_logs_arrival on gateway_request_logs (organization_id, transaction_id);

-- Requests of each consumer by ten minutes, for the last hour; gateway_consumer_hours has what is longer ago.
create table gateway_consumer_ten_minutes (
  organization_id uuid not null references organizations (id) on delete cascade,
  consumer_id uuid not null,
  at timestamptz(3) not null,
  requests bigint not null,
  primary key (organization_id, consumer_id, at)
) with (fillfactor = 50);
alter table gateway_consumer_ten_minutes enable row level security;
alter table gateway_consumer_ten_minutes force row level security;
create policy gateway_consumer_ten_minutes_tenant on gateway_consumer_ten_minutes
  using (organization_id = nullif(current_setting('app.organization_id', true), '')::uuid);

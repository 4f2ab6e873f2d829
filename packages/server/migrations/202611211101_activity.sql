-- The activity log: for watching, not for proof. One partition per day (UTC); retention drops partitions.
create table activity (
  id uuid not null,
  created_at timestamptz(3) not null,
  action text not null,
  source text not null,
  user_id uuid,
  endpoint_id text,
  message text not null,
  details jsonb,
  ip text,
  user_agent text,
  status_code smallint,
  response_time_ms real,
  primary key (created_at, id)
) partition by range (created_at);
create index activity_action on activity (action, created_at desc, id desc);

-- How many rows each day holds, so that totals never count rows.
create table activity_days (
  day date primary key,
  row_count bigint not null default 0
);

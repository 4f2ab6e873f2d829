-- What runs at set times. Whoever claims a due row adds its job in the same transaction, so it fires once.
create table schedules (
  name text primary key,
  cron text not null,
  time_zone text not null,
  job text not null,
  payload jsonb not null default '{}',
  missed text not null check (missed in ('run_once', 'skip')),
  enabled boolean not null default true,
  next_run_at timestamptz(3),
  last_run_at timestamptz(3),
  run_count bigint not null default 0
);
create index schedules_due on schedules (next_run_at) where enabled;

-- Which job runners are alive, in the database's time, so that the jobs of a dead one are taken over.
create table job_runners (
  id text primary key,
  seen_at timestamptz not null default now()
);

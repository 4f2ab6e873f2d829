-- Cron jobs. next_run_at is the row's own alarm: whoever locks a due row writes its runs and moves the time on.
create table cron_jobs (
  id uuid primary key,
  name text not null,
  description text not null,
  schedule text not null,
  time_zone text not null,
  action jsonb not null,
  overlap text not null check (overlap in ('skip', 'queue', 'parallel')),
  missed_runs text not null check (missed_runs in ('skip', 'once', 'all')),
  timeout_ms integer not null,
  enabled boolean not null,
  next_run_at timestamptz(3),
  last_run_at timestamptz(3),
  last_run_status text check (last_run_status in ('success', 'error')),
  last_run_message text,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null
);
create index cron_jobs_due on cron_jobs (next_run_at) where enabled;

-- Every run. A running one belongs to `holder` until `lease_until`, in the database's time; past it, its server is dead.
create table cron_runs (
  id uuid primary key,
  cron_id uuid not null references cron_jobs (id) on delete cascade,
  state text not null check (state in ('queued', 'running', 'success', 'error', 'skipped', 'lost')),
  trigger text not null check (trigger in ('schedule', 'manual', 'repeat')),
  attempt integer not null,
  scheduled_for timestamptz(3) not null,
  created_at timestamptz(3) not null,
  started_at timestamptz(3),
  finished_at timestamptz(3),
  duration_ms double precision,
  message text not null default '',
  output jsonb,
  error jsonb,
  console jsonb not null default '[]',
  console_dropped integer not null default 0,
  holder uuid,
  lease_until timestamptz
);
-- One run for each time it was due, whatever happens.
create unique index cron_runs_once on cron_runs (cron_id, scheduled_for, attempt) where trigger <> 'manual';
create index cron_runs_history on cron_runs (cron_id, id desc);
create index cron_runs_open on cron_runs (cron_id, id) where state in ('queued', 'running');
create index cron_runs_leases on cron_runs (lease_until) where state = 'running';

-- How many runs of a day ended well or badly, for the dashboard.
create table cron_daily (
  day date primary key,
  success bigint not null default 0,
  error bigint not null default 0
);

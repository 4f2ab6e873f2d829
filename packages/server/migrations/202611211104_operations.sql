-- One row per slow thing: what a 202 points to.
create table operations (
  id uuid primary key,
  kind text not null,
  state text not null check (state in ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
  progress_done double precision not null default 0,
  progress_total double precision,
  message text,
  problem jsonb,
  result jsonb,
  input jsonb not null default '{}',
  target_type text not null,
  target_id text,
  created_by uuid,
  cancel_requested boolean not null default false,
  created_at timestamptz(3) not null,
  started_at timestamptz(3),
  finished_at timestamptz(3),
  updated_at timestamptz(3) not null,
  version bigint not null default 1
);
create index operations_owner on operations (created_by, id desc);
create index operations_finished on operations (finished_at) where finished_at is not null;

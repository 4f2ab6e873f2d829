-- Named values that user code may read, sealed with the envelope.
create table code_secrets (
  name text primary key,
  value text not null,
  description text not null,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  updated_by text not null
);

-- The last runs of each handler, with what they wrote to the console. `failure` is null when the run ended well.
create table handler_runs (
  id uuid primary key,
  endpoint_id uuid not null references endpoints (id) on delete cascade,
  handler text not null,
  type text not null,
  request_id text not null,
  failure text,
  message text not null,
  stack text not null,
  console jsonb not null,
  console_dropped integer not null,
  duration_ms double precision not null,
  created_at timestamptz(3) not null
);
create index handler_runs_handler on handler_runs (endpoint_id, handler, id desc);

-- The audit chain: one per organization and one for the platform (the nil UUID). Append only.
create table audit_chains (
  id uuid primary key,
  sequence bigint not null default 0,
  head bytea not null
);

create table audit_entries (
  chain_id uuid not null references audit_chains (id),
  sequence bigint not null,
  id uuid not null,
  occurred_at timestamptz(3) not null,
  actor_kind text not null,
  actor_id uuid,
  actor_name text not null,
  action text not null,
  target_type text not null,
  target_id text,
  result text not null,
  request_id text not null,
  ip text,
  details jsonb not null,
  previous_hash bytea not null,
  hash bytea not null,
  primary key (chain_id, sequence)
);
create unique index audit_entries_id on audit_entries (id);
create index audit_entries_occurred on audit_entries (occurred_at desc, id desc);
create index audit_entries_target on audit_entries (target_type, target_id, sequence desc);
create index audit_entries_actor on audit_entries (actor_id, sequence desc);

create function audit_entries_are_final() returns trigger language plpgsql as $$
begin
  raise exception 'audit entries cannot be changed or removed';
end $$;
create trigger audit_entries_are_final before update or delete or truncate on audit_entries
  for each statement execute function audit_entries_are_final();

-- The event log: written in the transaction of the change, read by consumers at least once.
-- transaction_id lets a reader wait for older transactions, so that no late commit is passed over.
create table events (
  sequence bigint generated always as identity primary key,
  transaction_id xid8 not null default pg_current_xact_id(),
  id uuid not null,
  type text not null,
  organization_id uuid,
  occurred_at timestamptz(3) not null,
  data jsonb not null
);
create index events_transaction on events (transaction_id, sequence);

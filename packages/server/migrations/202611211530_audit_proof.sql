-- The head before the present one, so that advancing a chain and writing its entry are one statement.
alter table audit_chains add column previous_head bytea not null default decode(repeat('00', 32), 'hex');

-- Signed heads of the audit chains. Copies stand outside the database: these alone prove nothing.
create table audit_checkpoints (
  chain_id uuid not null references audit_chains (id),
  sequence bigint not null,
  hash bytea not null,
  at timestamptz(3) not null,
  key_id text not null,
  signature text not null,
  primary key (chain_id, sequence, key_id)
);
create index audit_checkpoints_at on audit_checkpoints (at desc, chain_id, sequence);

-- What was exported and taken out of a chain: entries up to to_sequence, the last of which has this hash.
create table audit_segments (
  chain_id uuid not null references audit_chains (id),
  from_sequence bigint not null,
  to_sequence bigint not null,
  last_hash bytea not null,
  file_name text not null,
  file_hash bytea not null,
  sealed_at timestamptz(3) not null,
  key_id text not null,
  signature text not null,
  primary key (chain_id, to_sequence),
  check (from_sequence <= to_sequence)
);

create table audit_verdicts (
  id uuid primary key,
  verified_at timestamptz(3) not null,
  verdict jsonb not null
);

-- Entries are final; only what a sealed segment holds may go.
drop trigger audit_entries_are_final on audit_entries;
create trigger audit_entries_are_final before update or truncate on audit_entries
  for each statement execute function audit_entries_are_final();

create function audit_entries_go_sealed() returns trigger language plpgsql as $$
begin
  if exists (
    select from gone where not exists (
      select from audit_segments
      where audit_segments.chain_id = gone.chain_id and gone.sequence between from_sequence and to_sequence
    )
  ) then
    raise exception 'audit entries cannot be changed or removed';
  end if;
  return null;
end $$;
create trigger audit_entries_go_sealed after delete on audit_entries
  referencing old table as gone for each statement execute function audit_entries_go_sealed();

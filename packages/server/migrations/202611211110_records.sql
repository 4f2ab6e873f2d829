-- Records live in one table per collection, `records.c_<collection id without hyphens>`; the product creates and drops
-- those with the collection. Here is what they share.
create schema records;

-- How many records a collection holds, summed over its shards. Every database connection writes a shard of its own, so
-- that writers never wait for each other.
create table record_counts (
  collection_id uuid not null,
  shard smallint not null,
  count bigint not null,
  primary key (collection_id, shard)
) with (fillfactor = 50);

-- What changed, for live readers: one row per write, naming the records it touched. Written in the transaction of the
-- change. transaction_id lets a reader wait for older transactions, so that no late commit is passed over.
create table record_changes (
  sequence bigint generated always as identity,
  transaction_id xid8 not null default pg_current_xact_id(),
  collection_id uuid not null,
  kind text not null check (kind in ('created', 'updated', 'deleted')),
  record_ids text not null,
  occurred_at timestamptz(3) not null,
  primary key (transaction_id, sequence)
);
create index record_changes_occurred on record_changes using brin (occurred_at);

-- Answers of creates that carried an Idempotency-Key, so that a repeated one changes nothing.
create table record_idempotency_keys (
  endpoint_id uuid not null,
  caller text not null,
  key text not null,
  request_hash text not null,
  status smallint not null,
  answer text not null,
  created_at timestamptz(3) not null,
  primary key (endpoint_id, caller, key)
);
create index record_idempotency_keys_created on record_idempotency_keys (created_at);

-- Uploads on their way into a collection. The bytes stand in the database, so that any replica can run the import and
-- only the disk bounds it; they go when it is done. What was refused stays for the report.
create table record_imports (
  id uuid primary key,
  endpoint_id uuid not null,
  format text not null check (format in ('ndjson', 'csv', 'json')),
  group_ids uuid[] not null,
  size_bytes bigint not null,
  created_by uuid,
  created_at timestamptz(3) not null,
  lines_done bigint not null default 0,
  accepted bigint not null default 0,
  refused bigint not null default 0
);
create index record_imports_created on record_imports (created_at);
create table record_import_chunks (
  import_id uuid not null references record_imports (id) on delete cascade,
  position integer not null,
  bytes bytea not null,
  primary key (import_id, position)
);
alter table record_import_chunks alter column bytes set storage external;
create table record_import_refusals (
  import_id uuid not null references record_imports (id) on delete cascade,
  line bigint not null,
  message text not null,
  text text not null,
  primary key (import_id, line)
);

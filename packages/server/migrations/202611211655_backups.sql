-- Backups of this database and where their files are. A backup does not hold this table: it belongs to the place.
create table backups (
  id uuid primary key,
  state text not null check (state in ('running', 'ready', 'failed')),
  origin text not null check (origin in ('manual', 'scheduled', 'command')),
  file_name text not null,
  size_bytes bigint,
  checksum text,
  encryption text not null check (encryption in ('none', 'passphrase', 'recipient')),
  -- What opens or closes the file while an operation needs it.
  passphrase_sealed text,
  location text not null check (location in ('disk', 's3')),
  server text not null,
  version text not null,
  table_count integer,
  row_count bigint,
  error text,
  created_at timestamptz(3) not null,
  verified_at timestamptz(3)
);
create index backups_created on backups (created_at desc, id desc);

-- The public halves of the keys that sign checkpoints and segments, one for each server that makes its own. Each is sealed
-- with the master key, which is not in the database: whoever owns the database cannot add a key of theirs.
create table audit_keys (
  key_id text primary key,
  public_key_sealed text not null,
  created_at timestamptz(3) not null
);

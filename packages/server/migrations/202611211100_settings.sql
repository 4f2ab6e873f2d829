-- Platform settings that differ from their defaults; the catalogue in the contracts knows names, shapes and defaults.
create table settings (
  name text primary key,
  value jsonb not null,
  updated_at timestamptz(3) not null
);

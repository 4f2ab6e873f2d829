-- Endpoint groups: folders of endpoints, with network rules that their endpoints may inherit.
create table endpoint_groups (
  id uuid primary key,
  name text not null,
  description text not null,
  icon text not null,
  color text not null,
  position integer not null,
  network_access jsonb not null,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null
);
create unique index endpoint_groups_name on endpoint_groups (lower(name));

-- A collection is a path without its parameters; all endpoints on it share the records, which live in records.c_<id>.
create table collections (
  id uuid primary key,
  path text not null,
  created_at timestamptz(3) not null
);
create unique index collections_path on collections (path);

-- Every field a collection has or once had. The values stand under `key`, which never changes; `name` may.
-- retired_at: no endpoint uses it at present. is_empty: it had no values when it was retired, so its key may be reused.
create table collection_fields (
  id uuid primary key,
  collection_id uuid not null references collections (id) on delete cascade,
  parent_id uuid references collection_fields (id) on delete cascade,
  key text not null,
  name text not null,
  type text not null,
  ref_collection_id uuid references collections (id) on delete set null,
  is_unique boolean not null,
  is_indexed boolean not null,
  is_hidden boolean not null,
  read_group_ids uuid[] not null,
  write_group_ids uuid[] not null,
  retired_at timestamptz(3),
  is_empty boolean not null
);
create unique index collection_fields_key on collection_fields (collection_id, parent_id, key) nulls not distinct;
create index collection_fields_ref on collection_fields (ref_collection_id);

-- path_shape is the path with every parameter written as `:`, because /x/:id and /x/:key answer the same requests.
create table endpoints (
  id uuid primary key,
  collection_id uuid not null references collections (id),
  name text not null,
  description text not null,
  slug text not null,
  path text not null,
  path_shape text not null,
  method text not null,
  api_version text,
  group_id uuid references endpoint_groups (id) on delete set null,
  schema jsonb not null,
  schema_version integer not null,
  access_type text not null,
  allowed_group_ids uuid[] not null,
  network_access jsonb not null,
  inherit_group_network_access boolean not null,
  handlers jsonb not null,
  rate_limit jsonb,
  data_retention_days integer,
  enabled boolean not null,
  created_by uuid,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null
);
create unique index endpoints_path_method on endpoints (path_shape, method);
create index endpoints_collection on endpoints (collection_id);
create index endpoints_group on endpoints (group_id);

-- Every schema an endpoint ever had, with the names of its time.
create table endpoint_versions (
  endpoint_id uuid not null references endpoints (id) on delete cascade,
  version integer not null,
  schema jsonb not null,
  created_by uuid,
  created_by_name text not null,
  created_at timestamptz(3) not null,
  primary key (endpoint_id, version)
);

-- Apart from the endpoint, so that counting never waits for, or holds up, a change of it.
create table endpoint_calls (
  endpoint_id uuid primary key references endpoints (id) on delete cascade,
  count bigint not null
) with (fillfactor = 50);

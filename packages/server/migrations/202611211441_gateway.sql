-- The gateway of reference 002. An organization is a tenant; everything here is its own, behind row-level security.

-- Upstreams. Deleting is soft: the routes that point here stay and fail until they are given another one.
create table gateway_services (
  id uuid primary key,
  organization_id uuid not null references organizations (id) on delete cascade,
  name text not null,
  targets jsonb not null,
  health_check_path text not null,
  timeout_ms integer not null,
  circuit_breaker jsonb,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  deleted_at timestamptz(3),
  unique (organization_id, id)
);
create index gateway_services_live on gateway_services (organization_id, id) where deleted_at is null;

-- `match_key` is the pattern with its parameters unnamed: two routes with the same one would answer the same requests.
-- The foreign key carries the organization, so that a route cannot point at another tenant's service.
create table gateway_routes (
  id uuid primary key,
  organization_id uuid not null references organizations (id) on delete cascade,
  service_id uuid not null,
  endpoint_id uuid,
  method text not null,
  path_pattern text not null,
  match_key text not null,
  host text,
  auth_required boolean not null,
  rate_limit_override integer,
  enabled boolean not null,
  strip_prefix boolean not null,
  timeout_ms integer,
  body_size_bytes_max bigint,
  retries integer not null,
  cors jsonb,
  addresses jsonb,
  request_headers jsonb,
  response_headers jsonb,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  deleted_at timestamptz(3),
  foreign key (organization_id, service_id) references gateway_services (organization_id, id)
);
create unique index gateway_routes_match on gateway_routes (organization_id, match_key, method, (coalesce(host, '')))
  where deleted_at is null;
create index gateway_routes_live on gateway_routes (organization_id, id) where deleted_at is null;
create index gateway_routes_service on gateway_routes (organization_id, service_id) where deleted_at is null;
create index gateway_routes_endpoint on gateway_routes (endpoint_id) where deleted_at is null and endpoint_id is not null;

-- Those who call the tenant's routes. The key is shown once; its SHA-256 is kept and sent to the gateways.
create table gateway_consumers (
  id uuid primary key,
  organization_id uuid not null references organizations (id) on delete cascade,
  name text not null,
  rate_limit_tier text not null,
  key_hash bytea not null,
  created_at timestamptz(3) not null,
  revoked_at timestamptz(3)
);
create index gateway_consumers_live on gateway_consumers (organization_id, id) where revoked_at is null;
create unique index gateway_consumers_key on gateway_consumers (key_hash);

-- What a tenant has set itself; without a row the defaults hold.
create table gateway_settings (
  organization_id uuid primary key references organizations (id) on delete cascade,
  tiers jsonb not null,
  anonymous_per_minute integer,
  body_size_bytes_max bigint not null,
  addresses jsonb,
  updated_at timestamptz(3) not null
);

-- The configuration as gateways get it. The row here is what every change of the tenant locks, so that revisions have
-- no gaps; the counts bound what a tenant may have without counting rows.
create table gateway_configs (
  organization_id uuid primary key references organizations (id) on delete cascade,
  revision bigint not null,
  checksum text not null,
  services integer not null default 0,
  routes integer not null default 0,
  consumers integer not null default 0
);

-- The set of entities of the newest revision, as the text whose digest is in the checksum.
create table gateway_entities (
  organization_id uuid not null references gateway_configs (organization_id) on delete cascade,
  kind text not null,
  id uuid not null,
  text text not null,
  primary key (organization_id, kind, id)
);
create index gateway_entities_member on gateway_entities (id) where kind = 'member';

-- What each revision changed. `entries` is null when it was too large to be worth sending: a snapshot is sent instead.
create table gateway_changes (
  organization_id uuid not null references gateway_configs (organization_id) on delete cascade,
  revision bigint not null,
  entries text,
  size_bytes integer not null,
  checksum text not null,
  created_at timestamptz(3) not null,
  primary key (organization_id, revision)
);

-- What a gateway shows to be let in as its tenant's. Shown once, kept as a hash.
create table gateway_keys (
  id uuid primary key,
  organization_id uuid not null references organizations (id) on delete cascade,
  label text not null,
  prefix text not null,
  hash bytea not null,
  created_at timestamptz(3) not null,
  expires_at timestamptz(3),
  revoked_at timestamptz(3),
  last_used_at timestamptz(3)
);
create unique index gateway_keys_prefix on gateway_keys (prefix);
create index gateway_keys_organization on gateway_keys (organization_id, id);
insert into gateway_keys (id, organization_id, label, prefix, hash, created_at)
  select gen_random_uuid(), id, 'First key', gateway_key_prefix, gateway_key_hash, created_at
  from organizations where gateway_key_prefix is not null and gateway_key_hash is not null;
comment on column organizations.gateway_key_prefix is 'Moved to gateway_keys; an older replica may still write it.';
comment on column organizations.gateway_key_hash is 'Moved to gateway_keys; an older replica may still write it.';

-- Gateway processes that have ever connected with a key of the tenant; the id is the gateway's own.
create table gateways (
  id uuid not null,
  organization_id uuid not null references organizations (id) on delete cascade,
  key_id uuid not null references gateway_keys (id),
  hostname text,
  version text,
  address text,
  connected_at timestamptz(3),
  last_seen_at timestamptz(3),
  disconnected_at timestamptz(3),
  applied_revision bigint,
  applied_checksum text,
  dropped_events bigint not null default 0,
  primary key (organization_id, id)
);

do $$
declare
  owned text;
begin
  foreach owned in array array['gateway_services', 'gateway_routes', 'gateway_consumers', 'gateway_settings',
    'gateway_configs', 'gateway_entities', 'gateway_changes', 'gateway_keys', 'gateways']
  loop
    execute format('alter table %I enable row level security', owned);
    execute format('alter table %I force row level security', owned);
    execute format('create policy %I on %I using (organization_id = nullif(current_setting(''app.organization_id'', true), '''')::uuid)',
      owned || '_tenant', owned);
  end loop;
end
$$;

-- Three questions come before the organization is known: whose key is this, where is this person a member, and which
-- gateways know them. Each may be asked for one key or one person at a time, and only to read.
create policy gateway_keys_shown on gateway_keys for select
  using (prefix = nullif(current_setting('app.gateway_key_prefix', true), ''));
create policy organization_members_own on organization_members for select
  using (user_id = nullif(current_setting('app.user_id', true), '')::uuid);
create policy gateway_entities_member on gateway_entities for select
  using (kind = 'member' and id = nullif(current_setting('app.user_id', true), '')::uuid);
-- An endpoint of the builder that changes is looked for wherever it is published.
create policy gateway_routes_published on gateway_routes for select
  using (endpoint_id = nullif(current_setting('app.endpoint_id', true), '')::uuid);

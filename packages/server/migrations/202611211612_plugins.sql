-- External services that were registered by their manifest. `state` is what people decided; whether a plugin is well is
-- worked out from its heartbeats and checks.
create table plugins (
  id text primary key,
  name text not null,
  version text not null,
  manifest jsonb not null,
  state text not null check (state in ('registered', 'active', 'inactive')),
  secret_sealed text not null,
  config_sealed text not null,
  config_version integer not null default 0,
  reported text check (reported in ('healthy', 'degraded', 'unhealthy', 'error')),
  reported_message text,
  last_heartbeat_at timestamptz(3),
  checked_at timestamptz(3),
  check_error text,
  -- What was last told about its health, so that a change is told once.
  health text not null default 'unknown' check (health in ('healthy', 'degraded', 'unhealthy', 'unknown')),
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null
) with (fillfactor = 70);

-- The token of a plugin acts for whoever issued it, and ends with the plugin.
alter table api_tokens add column plugin_id text references plugins (id) on delete cascade;
create index api_tokens_plugin on api_tokens (plugin_id) where plugin_id is not null;

-- What a plugin subscribes to is a webhook of its own.
alter table webhooks add column plugin_id text references plugins (id) on delete cascade;
create unique index webhooks_plugin on webhooks (plugin_id) where plugin_id is not null;

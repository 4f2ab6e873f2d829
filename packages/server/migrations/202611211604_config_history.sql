-- The configuration is the settings of the catalogue and free keys, in one table. A sensitive value is sealed and stands
-- in `sealed`; its `value` is null.
alter table settings add column sealed text;
alter table settings add column is_sensitive boolean not null default false;

-- Every change of the configuration: one version for all that one request changed. `old` and `new` are what was stored,
-- null where the default held or there was nothing; of a sensitive value the sealed text.
create table config_history (
  version bigint not null,
  key text not null,
  is_sensitive boolean not null,
  old_value jsonb,
  old_sealed text,
  new_value jsonb,
  new_sealed text,
  is_removed boolean not null,
  changed_by uuid,
  changed_by_name text not null,
  reason text,
  changed_at timestamptz(3) not null,
  primary key (key, version)
);
create index config_history_version on config_history (version desc);

-- What was set before there was a history is its first version.
insert into config_history (version, key, is_sensitive, new_value, is_removed, changed_by_name, reason, changed_at)
  select 1, name, false, value, false, 'system', 'Set before changes were kept', updated_at from settings;
alter table settings alter column value drop not null;

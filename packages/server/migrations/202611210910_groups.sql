-- Groups are named sets of permissions. System groups have fixed ids so that code and tests can name them.
create table groups (
  id uuid primary key,
  name text not null,
  description text not null default '',
  permissions text[] not null default '{}',
  is_system boolean not null default false,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null
);
create unique index groups_name on groups (lower(name));

create table user_groups (
  user_id uuid not null,
  group_id uuid not null references groups (id) on delete cascade,
  primary key (user_id, group_id)
);
create index user_groups_group on user_groups (group_id);

insert into groups (id, name, description, permissions, is_system, created_at, updated_at)
select id::uuid, name, description, permissions::text[], true, '2026-01-01', '2026-01-01'
from (values
  ('019b0000-0000-7000-8000-000000000001', 'Super Admin', 'Everything, including other administrators.', '{view,create,update,delete,manage_users,manage_api,view_logs}'),
  ('019b0000-0000-7000-8000-000000000002', 'Admin', 'Everything.', '{view,create,update,delete,manage_users,manage_api,view_logs}'),
  ('019b0000-0000-7000-8000-000000000003', 'Editor', 'Builds endpoints and edits records.', '{view,create,update,manage_api}'),
  ('019b0000-0000-7000-8000-000000000004', 'Manager', 'As Editor, and reads the activity log.', '{view,create,update,manage_api,view_logs}'),
  ('019b0000-0000-7000-8000-000000000005', 'User', 'Reads what the platform holds.', '{view}'),
  ('019b0000-0000-7000-8000-000000000006', 'Operator', 'Runs the platform and reads its logs.', '{view,view_logs}'),
  ('019b0000-0000-7000-8000-000000000007', 'Auditor', 'Reads the audit trail.', '{view,view_logs}'),
  ('019b0000-0000-7000-8000-000000000008', 'Viewer', 'Reads what the platform holds.', '{view}'),
  ('019b0000-0000-7000-8000-000000000009', 'Peer', 'A person on the private network.', '{}')
) as system (id, name, description, permissions);

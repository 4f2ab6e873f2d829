-- People. `login` is what references 001 and 003 call `username`; login and email are stored in lower case.
-- A login that looks like an address must be the user's own address: sign-in takes either, and nobody may hold a login
-- that is somebody else's e-mail.
create table users (
  id uuid primary key,
  login text not null,
  email text,
  name text not null,
  status text not null check (status in ('active', 'inactive', 'suspended', 'invited')),
  password_hash text,
  must_change_password boolean not null default false,
  default_organization_id uuid not null,
  last_login_at timestamptz(3),
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  constraint users_login_is_lower check (login = lower(login)),
  constraint users_email_is_lower check (email = lower(email)),
  constraint users_login_is_own_email check (position('@' in login) = 0 or (email is not null and login = email))
);
create unique index users_login on users (login);
create unique index users_email on users (email);

alter table user_groups add constraint user_groups_user foreign key (user_id) references users (id) on delete cascade;

-- Who owns gateway and fleet resources. The gateway key is shown once; only its hash is kept.
create table organizations (
  id uuid primary key,
  name text not null,
  slug text not null,
  gateway_key_prefix text,
  gateway_key_hash bytea,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null
);
create unique index organizations_slug on organizations (slug);
create unique index organizations_gateway_key on organizations (gateway_key_prefix);
alter table users add constraint users_default_organization foreign key (default_organization_id) references organizations (id);

create table organization_members (
  organization_id uuid not null references organizations (id) on delete cascade,
  user_id uuid not null references users (id) on delete cascade,
  role text not null check (role in ('owner', 'admin', 'member')),
  created_at timestamptz(3) not null,
  primary key (organization_id, user_id)
);
create unique index organization_members_owner on organization_members (organization_id) where role = 'owner';
create index organization_members_user on organization_members (user_id);
alter table organization_members enable row level security;
alter table organization_members force row level security;
create policy organization_members_tenant on organization_members
  using (organization_id = nullif(current_setting('app.organization_id', true), '')::uuid);

-- Every credential of a sign-in belongs to one session; ending the session ends them all.
create table sessions (
  id uuid primary key,
  user_id uuid not null references users (id) on delete cascade,
  created_at timestamptz(3) not null,
  last_refreshed_at timestamptz(3) not null,
  expires_at timestamptz(3) not null,
  revoked_at timestamptz(3),
  revoked_reason text,
  ip text,
  user_agent text
);
create index sessions_user on sessions (user_id);
create index sessions_expires on sessions (expires_at);

-- One row per refresh token ever given, so that a used one is recognised when it comes again.
create table refresh_tokens (
  prefix text primary key,
  hash bytea not null,
  session_id uuid not null references sessions (id) on delete cascade,
  created_at timestamptz(3) not null,
  used_at timestamptz(3)
);
create index refresh_tokens_session on refresh_tokens (session_id);

-- Ed25519 keys that sign access tokens. The newest one whose time has come signs; all are published until `retires_at`.
create table signing_keys (
  id text primary key,
  public_key jsonb not null,
  private_key_sealed text not null,
  active_from timestamptz(3) not null,
  retires_at timestamptz(3),
  created_at timestamptz(3) not null
);

-- Attempts at a password, counted before they are made: parallel guesses cannot outrun the count.
create table sign_in_attempts (
  kind text not null check (kind in ('address', 'account', 'setup')),
  subject bytea not null,
  attempts integer not null,
  window_ends_at timestamptz(3) not null,
  primary key (kind, subject)
);
create index sign_in_attempts_window on sign_in_attempts (window_ends_at);

-- Single-use tokens that set a password: reset by e-mail, and invitation.
create table password_tokens (
  id uuid primary key,
  user_id uuid not null references users (id) on delete cascade,
  purpose text not null check (purpose in ('reset', 'invitation')),
  prefix text not null,
  hash bytea not null,
  created_at timestamptz(3) not null,
  expires_at timestamptz(3) not null,
  used_at timestamptz(3)
);
create unique index password_tokens_prefix on password_tokens (prefix);
create index password_tokens_user on password_tokens (user_id);

-- One row: whether an administrator exists, and what the first-run wizard has collected so far.
create table installation (
  id boolean primary key default true check (id),
  initialised_at timestamptz(3),
  code_salt text not null,
  account jsonb,
  place jsonb,
  purpose jsonb
);
insert into installation (code_salt) values (encode(sha256(gen_random_uuid()::text::bytea), 'hex'));

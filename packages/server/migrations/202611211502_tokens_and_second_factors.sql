-- API keys, service tokens and API tokens are one thing: a secret that acts for a user within its scopes. Rotation keeps
-- the row and gives it a new secret; the one before works on until `previous_until`.
create table api_tokens (
  id uuid primary key,
  user_id uuid not null references users (id) on delete cascade,
  name text not null,
  prefix text not null,
  hash bytea not null,
  previous_prefix text,
  previous_hash bytea,
  previous_until timestamptz(3),
  scopes text[] not null,
  allowed_addresses text[] not null default '{}',
  created_at timestamptz(3) not null,
  -- When the present secret was made: the lifetime begins here.
  issued_at timestamptz(3) not null,
  expires_at timestamptz(3),
  last_used_at timestamptz(3),
  last_used_ip text
);
create unique index api_tokens_prefix on api_tokens (prefix);
create unique index api_tokens_previous_prefix on api_tokens (previous_prefix) where previous_prefix is not null;
create index api_tokens_user on api_tokens (user_id, id);

-- The second factor of a user. Without `enabled_at` it was begun and never verified. `last_used_step` is the highest
-- time step (RFC 6238) a code was accepted for: none is accepted twice.
create table user_mfa (
  user_id uuid primary key references users (id) on delete cascade,
  secret_sealed text not null,
  enabled_at timestamptz(3),
  last_used_step bigint not null default 0,
  created_at timestamptz(3) not null
);

create table mfa_recovery_codes (
  user_id uuid not null references user_mfa (user_id) on delete cascade,
  hash bytea not null,
  used_at timestamptz(3),
  primary key (user_id, hash)
);

-- A sign-in whose password was right and whose code is still to come.
create table mfa_challenges (
  prefix text primary key,
  hash bytea not null,
  user_id uuid not null references users (id) on delete cascade,
  created_at timestamptz(3) not null,
  expires_at timestamptz(3) not null,
  used_at timestamptz(3)
);
create index mfa_challenges_user on mfa_challenges (user_id);
create index mfa_challenges_expires on mfa_challenges (expires_at);

alter table sign_in_attempts drop constraint sign_in_attempts_kind_check;
alter table sign_in_attempts add constraint sign_in_attempts_kind_check
  check (kind in ('address', 'account', 'setup', 'mfa'));

-- Accounts at GitHub or an OpenID Connect provider that a user signs in with. `subject` is the provider's own id of the
-- person: it never changes, unlike their e-mail address.
create table user_identities (
  id uuid primary key,
  user_id uuid not null references users (id) on delete cascade,
  provider text not null check (provider in ('github', 'oidc')),
  issuer text not null,
  subject text not null,
  label text not null,
  created_at timestamptz(3) not null,
  last_used_at timestamptz(3)
);
create unique index user_identities_subject on user_identities (issuer, subject);
create index user_identities_user on user_identities (user_id);

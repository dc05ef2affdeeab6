-- Times are milliseconds since 1970. A user is known by a public id that is never used twice; identity_key is the identity
-- as it is compared (domain/user.ts), null for guests and for users of an identity provider, who have issuer and subject.
-- Rows of a deleted application are removed in slices.
create table users (
  number        integer primary key autoincrement,
  application   integer not null,
  id            text    not null unique,
  kind          text    not null check (kind in ('registered', 'guest', 'social')),
  status        text    not null check (status in ('ENABLED', 'DISABLED', 'GUEST', 'EMAIL_CONFIRMATION_PENDING')),
  identity      text,
  identity_key  text,
  issuer        text,
  subject       text,
  password_hash text,
  properties    text    not null,
  created_at    integer not null,
  updated_at    integer,
  last_login_at integer,
  tokens_since  integer not null default 0
);
create index users_by_application on users (application, number);
create unique index users_by_identity on users (application, identity_key) where identity_key is not null;
create unique index users_by_origin on users (application, issuer, subject) where issuer is not null;

-- role is the name of a row of roles.
create table user_roles (
  application integer not null,
  role        text    not null,
  user        integer not null references users (number) on delete cascade,
  primary key (application, role, user)
) without rowid;
create index user_roles_by_user on user_roles (user, role);

-- hash: SHA-256, hex, of 256 random bits.
create table user_sessions (
  number       integer primary key autoincrement,
  application  integer not null,
  user         integer not null references users (number) on delete cascade,
  hash         text    not null unique,
  created_at   integer not null,
  last_used_at integer not null
);
create index user_sessions_by_user on user_sessions (user, last_used_at);
create index user_sessions_by_use on user_sessions (application, last_used_at);
create index user_sessions_by_age on user_sessions (application, created_at);

-- settings: JSON (domain/user-settings.ts); an application without a row has the defaults.
create table user_settings (
  application integer primary key,
  settings    text    not null,
  changed_at  integer not null
);

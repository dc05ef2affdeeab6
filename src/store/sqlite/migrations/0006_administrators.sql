-- applications, in all of these tables: a JSON array of public application ids; null: all, and the server as a whole. An id
-- is never used again, so what is left of a deleted application restricts to nothing.

-- login is the name as it is compared: two administrators cannot differ in upper and lower case alone.
create table administrators (
  number        integer primary key autoincrement,
  name          text    not null,
  login         text    not null unique,
  password_hash text    not null,
  scope         text    not null check (scope in ('read', 'operate', 'administer')),
  applications  text,
  created_at    integer not null,
  last_login_at integer
);

-- hash, in the tables below: SHA-256, hex, of 256 random bits.
create table administrator_sessions (
  number        integer primary key autoincrement,
  administrator integer not null references administrators (number) on delete cascade,
  hash          text    not null unique,
  created_at    integer not null,
  last_used_at  integer not null,
  ends_at       integer not null
);
create index administrator_sessions_by_use on administrator_sessions (administrator, last_used_at);

create table administrator_tokens (
  number       integer primary key autoincrement,
  hash         text    not null unique,
  label        text    not null,
  scope        text    not null check (scope in ('read', 'operate', 'administer')),
  applications text,
  created_at   integer not null,
  expires_at   integer,
  last_used_at integer
);

-- One-time links that make an administrator.
create table setup_links (
  hash       text    primary key,
  expires_at integer not null
) without rowid;

-- Channels that were deleted. The name is for the messages that went there; members are removed in slices. A number is never
-- used again.
create table removed_channels (
  channel     integer primary key,
  name        text    not null,
  has_members integer not null
);
create index removed_channels_with_members on removed_channels (channel) where has_members = 1;

-- Times are milliseconds since 1970; public ids are text; keys of what grows with the devices are integers that never
-- change and are never reused, because segments are cut along them.

create table settings (
  name  text primary key,
  value text not null
) without rowid;

create table applications (
  number     integer primary key autoincrement,
  id         text    not null unique,
  name       text    not null,
  preset     text    not null check (preset in ('locked', 'compatible')),
  created_at integer not null,
  deleted_at integer
);

-- A key that is regenerated keeps its row: previous_hash is what it was until then, and works until previous_until.
create table api_keys (
  number         integer primary key autoincrement,
  application    integer not null references applications (number),
  kind           text    not null,
  label          text    not null,
  role           text,
  hash           text    not null unique,
  sealed         text    not null,
  created_at     integer not null,
  expires_at     integer,
  regenerated_at integer,
  previous_hash  text unique,
  previous_until integer
);
create index api_keys_by_application on api_keys (application);

create table host_names (
  host        text    primary key,
  application integer not null references applications (number),
  api_key     integer not null references api_keys (number) on delete cascade,
  role        text,
  created_at  integer not null
) without rowid;
create index host_names_by_key on host_names (api_key);

create table channels (
  number      integer primary key autoincrement,
  application integer not null references applications (number),
  name        text    not null,
  created_at  integer not null,
  unique (application, name)
);

-- device_key and token_key are 47-bit keyed hashes of (application, device id) and (application, platform, token): an
-- index entry of 6 bytes instead of 40 to 1 000 halves what a registration writes. Collisions are resolved by comparing
-- the text; the single writer keeps (application, device_id) unique.
-- channels holds the numbers of the device's channels in the order of joining, separated by commas.
-- The registrations of one token form a list from the latest, which receives, to the earliest: newer_holder and
-- older_holder are its neighbours. One that has expired may have been left out of the list.
-- Numbers grow and are never used again (marks.latest_removed), so that a new row is always the last.
create table registrations (
  number        integer primary key,
  application   integer not null,
  device_key    integer not null,
  token_key     integer not null,
  platform      integer not null,
  receives      integer not null,
  newer_holder  integer,
  older_holder  integer,
  created_at    integer not null,
  registered_at integer not null,
  expires_at    integer,
  device_id     text    not null,
  token         text    not null,
  os            text    not null,
  os_version    text    not null,
  channels      text    not null,
  user_id       text
);
create index registrations_by_expiry on registrations (expires_at) where expires_at is not null;

-- A registration would change a random page of each of the following tables. They are written in bulk instead, a few
-- pages for a hundred registrations, and until then the row alone says what belongs there: marks has the number up to
-- which they are complete (members_folded, keys_folded). From keys_folded to keys_folding they may be, in part.
-- index_version grows whenever one process changes what others may have in memory of the keys.

-- Every registration, by its device_key.
create table device_keys (
  key    integer not null,
  number integer not null,
  primary key (key, number)
) without rowid;

-- The registrations that receive, by their token_key: one for each token.
create table token_keys (
  key    integer not null,
  number integer not null,
  primary key (key, number)
) without rowid;

create table application_devices (
  application  integer not null,
  registration integer not null,
  primary key (application, registration)
) without rowid;

-- joined_at_message: the number of the latest message when the device joined; it is in the audience of later ones only.
create table members (
  channel           integer not null,
  registration      integer not null,
  platform          integer not null,
  joined_at_message integer not null,
  primary key (channel, registration)
) without rowid;

-- How many devices an application and a channel have, by platform code, of those up to the mark members_folded.
create table device_counts (
  application integer not null,
  platform    integer not null,
  count       integer not null,
  primary key (application, platform)
) without rowid;

create table member_counts (
  channel  integer not null,
  platform integer not null,
  count    integer not null,
  primary key (channel, platform)
) without rowid;

create table marks (
  name   text primary key,
  number integer not null
) without rowid;
insert into marks values ('members_folded', 0), ('keys_folded', 0), ('keys_folding', 0), ('index_version', 0),
  ('latest_removed', 0);

create table departures (
  number       integer primary key autoincrement,
  application  integer not null,
  device_key   integer not null,
  device_id    text    not null,
  registration integer not null,
  left_at      integer not null,
  reason       text    not null,
  detail       text    not null
);
create index departures_by_device on departures (device_key);
create index departures_by_time on departures (left_at);

create table credentials (
  number        integer primary key autoincrement,
  application   integer not null references applications (number),
  provider      text    not null,
  sealed        text    not null,
  summary       text    not null,
  updated_at    integer not null,
  paused_at     integer,
  paused_reason text,
  unique (application, provider)
);

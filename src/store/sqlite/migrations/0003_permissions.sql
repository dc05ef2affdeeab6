-- Grows with every change of an application's rules, so that whoever remembers them knows whether they are the same.
alter table applications add column rules_version integer not null default 0;

create table roles (
  number      integer primary key autoincrement,
  application integer not null references applications (number),
  name        text    not null,
  description text    not null,
  created_at  integer not null,
  unique (application, name)
);

-- channel is empty for a rule of the whole application, else the channel's name: a rule may be there before the channel.
-- Exactly one of role and user_id is not empty; role names a system role or a row of roles. What is inherited has no row.
create table permission_rules (
  application integer not null references applications (number),
  channel     text    not null,
  role        text    not null,
  user_id     text    not null,
  operation   text    not null,
  access      text    not null check (access in ('grant', 'deny')),
  changed_at  integer not null,
  primary key (application, channel, role, user_id, operation),
  check ((role = '') <> (user_id = '') and (user_id = '' or channel <> ''))
) without rowid;

-- What was published, how far it got, and what became of each device (design D5): rows per segment, never per device,
-- except for the bounded list of devices that wait for another attempt.

-- The small part of a message, rewritten while it runs. platforms is the mask of the platform codes asked for, null for
-- every operating system. The number marks the boundary of the audience: only members that joined before it are in it.
create table messages (
  number           integer primary key autoincrement,
  id               text    not null unique,
  application      integer not null,
  channel          integer not null,
  platforms        integer,
  policy           text    not null check (policy in ('PUSH', 'PUBSUB', 'BOTH')),
  delivery         text    not null check (delivery in ('at-least-once', 'at-most-once')),
  accepted_at      integer not null,
  expires_at       integer not null,
  state            text    not null check (state in ('running', 'paused', 'finished', 'cancelled', 'failed')),
  state_changed_at integer not null,
  audience_size    integer not null,
  retrying         integer not null default 0
);
create index messages_by_application on messages (application);

-- The large part, written once. headers is a JSON array of pairs, so that their order and names survive.
create table message_contents (
  message            integer primary key,
  message_json       text not null,
  headers            text not null,
  publisher_id       text,
  subtopic           text,
  device_ids         text,
  unknown_device_ids text not null
);

create table idempotency (
  number       integer primary key autoincrement,
  scope        text    not null,
  key          text    not null,
  request_hash text    not null,
  message      integer not null,
  created_at   integer not null,
  unique (scope, key)
);
create index idempotency_by_time on idempotency (created_at);

-- A slice (low, high] of the registration numbers, or the one retry list of a message. planned: how many devices of the
-- audience it stands for; accounted: how many of them have an outcome or went to the retry list. done_above: encoded list
-- of the numbers above the cursor that are done. is_bulk: the audience is too large for the express lane. available_at:
-- from when it can be claimed, so that a claim looks at nothing that is leased, paused or not due; is_ready: that time was
-- seen to have come. rest_code: the outcome of the devices that its end counted without an entry of their own.
create table segments (
  number       integer primary key autoincrement,
  message      integer not null,
  kind         text    not null check (kind in ('audience', 'retry')),
  is_listed    integer not null,
  is_bulk      integer not null,
  low          integer not null,
  high         integer not null,
  planned      integer not null,
  accounted    integer not null default 0,
  cursor       integer not null,
  reserved     integer not null,
  done_above   blob    not null default x'',
  resends      integer not null default 0,
  epoch        integer not null default 0,
  owner        text,
  lease_until  integer not null default 0,
  not_before   integer not null default 0,
  available_at integer not null,
  is_ready     integer not null default 0,
  is_done      integer not null default 0,
  checked_at   integer not null,
  fresh_pages  integer not null default 0,
  rest_code    integer
);
create index segments_by_message on segments (message, kind, low);
create index segments_waiting on segments (available_at) where is_done = 0 and is_ready = 0;
create index segments_ready on segments (is_bulk, message, kind desc, number) where is_done = 0 and is_ready = 1;

-- The devices of a publish that named its devices: their registration numbers, sorted and encoded.
create table segment_lists (
  segment       integer primary key,
  registrations blob not null
);

-- The different outcomes of a message, with how many devices had each. kind is the code of domain/outcome.ts.
create table outcome_reasons (
  message integer not null,
  code    integer not null,
  kind    integer not null,
  reason  text    not null,
  count   integer not null,
  primary key (message, code),
  unique (message, kind, reason)
) without rowid;

-- The outcome of each device, about a byte or less for each: entries holds runs of registration numbers with the code of
-- their outcome, see outcome-pages.ts. Fresh pages are what checkpoints append; they are merged into large ones later.
create table outcome_pages (
  number             integer primary key,
  segment            integer not null,
  first_registration integer not null,
  last_registration  integer not null,
  from_time          integer not null,
  to_time            integer not null,
  is_fresh           integer not null,
  entries            blob    not null
);
create index outcome_pages_by_segment on outcome_pages (segment, first_registration, last_registration);
create index outcome_pages_fresh on outcome_pages (segment) where is_fresh = 1;

-- Devices that wait for another attempt, capped by the engine. reserved_epoch: the epoch of the retry segment's owner that
-- was about to send to it and has not yet said what came of it, else 0.
create table retries (
  message        integer not null,
  registration   integer not null,
  attempts       integer not null,
  copies         integer not null,
  not_before     integer not null,
  reserved_epoch integer not null default 0,
  reason         text    not null,
  primary key (message, registration)
) without rowid;
create index retries_by_time on retries (message, not_before, registration);

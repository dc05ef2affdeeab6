-- A message that was sent again: its audience are those of an earlier message (source) that had one of these outcomes, a
-- JSON array of kinds and reasons as domain/message.ts has them. Which devices that are is read from the source's log.
create table message_sources (
  message  integer primary key,
  source   integer not null,
  outcomes text    not null
);

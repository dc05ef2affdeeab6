-- What the entry of a call will say, as far as it is known before: stored in the same transaction as each change of the call,
-- replaced by the entry. One that is left says that the call did not come to its end.
create table audit_intents (
  begun_at    integer not null,
  id          text    not null,
  actor       text    not null,
  action      text    not null,
  application text,
  target      text    not null,
  primary key (begun_at, id)
) without rowid;

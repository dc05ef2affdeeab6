-- Who changed what: append-only. hash covers the entry and the hash before it, so that nothing can be altered, removed or
-- inserted without breaking the chain from there on (runtime/audit-chain.ts).
create table audit (
  number      integer primary key,
  at          integer not null,
  actor       text    not null,
  action      text    not null,
  application text,
  target      text    not null,
  details     text    not null,
  hash        text    not null
);
create index audit_by_application on audit (application, number);

create trigger audit_is_not_altered before update on audit
begin
  select raise(abort, 'the audit log is append-only');
end;

create trigger audit_is_not_shortened before delete on audit
begin
  select raise(abort, 'the audit log is append-only');
end;

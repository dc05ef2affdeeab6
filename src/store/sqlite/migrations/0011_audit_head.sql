-- The last entry of the audit log, kept beside it: a log whose end was cut off no longer reaches it. The next entry
-- continues from here, so that what is missing stays missing.
create table audit_head (
  one    integer primary key check (one = 1),
  number integer not null,
  hash   text    not null
);
insert into audit_head (one, number, hash) select 1, number, hash from audit order by number desc limit 1;

create trigger audit_has_a_head after insert on audit
begin
  insert into audit_head (one, number, hash) values (1, new.number, new.hash)
  on conflict (one) do update set number = excluded.number, hash = excluded.hash;
end;

create trigger audit_head_does_not_go_back before update on audit_head when new.number <= old.number
begin
  select raise(abort, 'the audit log is append-only');
end;

create trigger audit_head_is_not_removed before delete on audit_head
begin
  select raise(abort, 'the audit log is append-only');
end;

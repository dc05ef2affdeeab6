-- When thousands of registrations expire at once, each would change a random page of members for each of its channels before
-- the next ones could go. A registration that is gone waits here as long as it may still be in members and
-- application_devices; it is cleared from them in their order, and the sizes leave it out at once. Whoever reads members
-- without the rows of registrations must leave out who is here.
create table removed_members (
  registration integer primary key,
  application  integer not null,
  channels     text    not null
);

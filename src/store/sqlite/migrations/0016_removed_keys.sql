-- When thousands of registrations expire at once, each would change a random page of device_keys and another of token_keys
-- before the next ones could go. What those tables still say of a registration that is gone waits here instead, and is
-- cleared in the order of the keys; meanwhile it leads to no row. token_key: null if the registration did not receive.
create table removed_keys (
  entry      integer primary key autoincrement,
  number     integer not null,
  device_key integer not null,
  token_key  integer
);

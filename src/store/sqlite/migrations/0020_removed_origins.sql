-- Users of an identity provider who were removed. Their tokens outlive them, for a day at most: without this row, the next
-- one would make the user anew, for whom none of those that were ended has ever been.
create table removed_origins (
  application integer not null,
  issuer      text    not null,
  subject     text    not null,
  removed_at  integer not null,
  primary key (application, issuer, subject)
) without rowid;
create index removed_origins_by_age on removed_origins (removed_at);

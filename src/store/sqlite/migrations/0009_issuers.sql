-- Identity providers whose tokens are user tokens. issuer: what they say in "iss"; settings: JSON (domain/issuer.ts).
create table issuers (
  application integer not null,
  name        text    not null,
  issuer      text    not null,
  settings    text    not null,
  changed_at  integer not null,
  primary key (application, name),
  unique (application, issuer)
) without rowid;

-- Their tokens that were ended by a logout, until they expire.
create table ended_tokens (
  application integer not null,
  hash        text    not null,
  expires_at  integer not null,
  primary key (application, hash)
) without rowid;
create index ended_tokens_by_expiry on ended_tokens (expires_at);

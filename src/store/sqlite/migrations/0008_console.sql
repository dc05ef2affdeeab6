-- What the Console shows besides: figures over time, virtual phones, and what a publish answers.

-- Of the audience, how many devices have an operating system without a push provider.
alter table messages add column unsupported integer not null default 0;

-- What happened in an application in one hour (hour: hours since 1970; columns: one for each final outcome of
-- domain/outcome.ts). Written once for each application and group of writes, in its transaction. Hours that are old are
-- added up into the first hour of their day (UTC), so that a sum over a day's hours is right for both.
create table hourly_figures (
  application        integer not null,
  hour               integer not null,
  registered         integer not null,
  renewed            integer not null,
  departed           integer not null,
  messages           integer not null,
  accepted           integer not null,
  token_gone         integer not null,
  token_changed      integer not null,
  payload_rejected   integer not null,
  credential_refused integer not null,
  expired            integer not null,
  cancelled          integer not null,
  suppressed         integer not null,
  retries_exhausted  integer not null,
  outcome_unknown    integer not null,
  primary key (application, hour)
) without rowid;
create index hourly_figures_by_hour on hourly_figures (hour) where hour % 24 <> 0;
create index daily_figures_by_hour on hourly_figures (hour) where hour % 24 = 0;

-- Devices that are virtual phones of the sandbox; a registration belongs to each until it leaves.
create table virtual_phones (
  application integer not null,
  device_id   text    not null,
  name        text    not null,
  created_at  integer not null,
  primary key (application, device_id)
) without rowid;

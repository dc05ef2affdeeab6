-- What an API key is held to besides its rights. addresses: the addresses and CIDR ranges that it is accepted from, with
-- spaces in between, none: everywhere. requests_per_second: its own limit, null: that of the settings.
alter table api_keys add column addresses text not null default '';
alter table api_keys add column requests_per_second integer;

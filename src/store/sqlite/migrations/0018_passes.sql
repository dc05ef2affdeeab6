-- A provider that is down holds up its own devices alone (ADR 28). pass: what a segment leaves out and goes back for, as
-- JSON of the SegmentPass in store/message-store.ts; empty: its first way, on which nothing is left out. How many devices wait
-- on the retry list of a message is counted for each provider; what is on a list already counts for none.
alter table segments add column pass text not null default '';
alter table retries add column provider text check (provider in ('apns', 'fcm', 'wns'));
alter table messages add column retrying_apns integer not null default 0;
alter table messages add column retrying_fcm integer not null default 0;
alter table messages add column retrying_wns integer not null default 0;

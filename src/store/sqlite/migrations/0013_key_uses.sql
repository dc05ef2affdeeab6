-- When a key was last used, with either of its secrets; written at most once a minute.
alter table api_keys add column last_used_at integer;

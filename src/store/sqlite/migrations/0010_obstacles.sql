-- What the devices of a segment wait for beyond their turn (domain/obstacle.ts), so that it can be said of each of them
-- without a row for each. resends was never used.
alter table segments add column obstacle text not null default '';
alter table segments drop column resends;

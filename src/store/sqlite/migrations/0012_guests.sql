-- Guests are looked at one after the other, for those whose logins are over.
create index guests_by_application on users (application, number) where kind = 'guest';

-- How far each consumer of events is. The position is the (transaction, sequence) of the last event it has handled;
-- the lease says which server runs it now, in the database's time.
create table event_consumers (
  name text primary key,
  transaction_id xid8 not null,
  sequence bigint not null,
  lease_holder uuid,
  lease_until timestamptz not null default '-infinity'
);

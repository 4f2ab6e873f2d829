-- How far each webhook that asks for changes of records has been told of them, in the log of changes. It begins where the
-- webhook was saved, in that transaction; a webhook that does not ask, or is disabled, has no row.
create table webhook_record_places (
  webhook_id uuid primary key references webhooks (id) on delete cascade,
  transaction_id xid8 not null,
  sequence bigint not null,
  -- What was committed before the webhook was saved is seen in this, and is not told.
  since pg_snapshot not null
);

-- Instants have milliseconds, as everywhere.
alter table cron_runs alter column lease_until type timestamptz(3);

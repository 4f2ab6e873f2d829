-- As every instant: milliseconds.
alter table cron_runs alter column lease_until type timestamptz(3);

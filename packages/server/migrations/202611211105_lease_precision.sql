-- Leases and heartbeats are kept to the millisecond, as every other instant.
alter table event_consumers alter column lease_until type timestamptz(3);
alter table job_runners alter column seen_at type timestamptz(3);

-- How the process before the one that is connected ended; after a crash some of its telemetry is missing. Null: it did not say.
alter table gateways add column previous_end text check (previous_end in ('stop', 'crash'));

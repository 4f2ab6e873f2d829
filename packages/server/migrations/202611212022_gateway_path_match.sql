-- What a route's pattern takes beside itself: everything below it, nothing, or ids of records.
alter table gateway_routes add column path_match text not null default 'prefix'
  check (path_match in ('prefix', 'exact', 'record'));

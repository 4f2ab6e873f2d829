-- What failed is filtered further without a look at the rows.
drop index activity_failed;
create index activity_failed on activity (created_at desc, id desc) include (source, action, user_id, endpoint_id)
  where action = 'error' or action like '%\_failed' or coalesce(status_code, 0) >= 400;

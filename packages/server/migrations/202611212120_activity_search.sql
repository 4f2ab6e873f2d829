-- The log is found by its words, and by who, through what and how it went, at any size. `search` holds the words that the
-- server cuts; `user_login` is what somebody was called then, `request_id` what the caller was told.
alter table activity add column user_login text;
alter table activity add column request_id text;
alter table activity add column search tsvector;

-- What is there already: nearly the same words. The retention takes these rows away in time.
update activity set search = array_to_tsvector(array(
  select distinct left(word, 60)
  from regexp_split_to_table(
    lower(concat_ws(' ', message, action, source, ip, user_agent, details::text)), '[^[:alnum:]]+') as word
  where word <> '' limit 256));

-- A short pending list: it is read through with every search.
create index activity_search on activity using gin (search) with (gin_pending_list_limit = 256);
create index activity_user on activity (user_id, created_at desc, id desc) where user_id is not null;
create index activity_endpoint on activity (endpoint_id, created_at desc, id desc) where endpoint_id is not null;
create index activity_source on activity (source, created_at desc, id desc);
create index activity_failed on activity (created_at desc, id desc) include (source, action, user_id, endpoint_id)
  where action = 'error' or action like '%\_failed' or coalesce(status_code, 0) >= 400;

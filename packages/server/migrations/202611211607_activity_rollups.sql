-- What the dashboard shows of the log, counted while it is written: its cost does not grow with the log. One row stands for
-- `calls` things, because a busy endpoint's calls beyond a budget share a row.
create table activity_hours (
  hour timestamptz(3) not null,
  action text not null,
  source text not null,
  calls bigint not null default 0,
  errors bigint not null default 0,
  primary key (hour, action, source)
) with (fillfactor = 50);

insert into activity_hours (hour, action, source, calls, errors)
select date_trunc('hour', created_at, 'UTC'), action, source, count(*),
  count(*) filter (where action = 'error' or action like '%\_failed' or status_code >= 400)
from activity group by 1, 2, 3;

-- The last day on which each user did something, for the number of active ones.
create table activity_users (
  user_id uuid primary key,
  last_day date not null
) with (fillfactor = 70);
create index activity_users_by_day on activity_users (last_day);

insert into activity_users (user_id, last_day)
select user_id, max(created_at at time zone 'UTC')::date from activity where user_id is not null group by 1;

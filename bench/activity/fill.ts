import { startManagedPostgres } from '@holdfast/database/managed/managed-postgres'
import { silentLogger } from '@holdfast/kernel/logger'
import pg from 'pg'

const days = 30
const batch = 100_000
const dayMs = 86_400_000

/** Fills the activity log of the installation in this folder up to `wanted` rows, spread over thirty days, and what is counted of them. */
export async function fillActivity(dataDirectory: string, wanted: number): Promise<void> {
  const postgres = await startManagedPostgres({
    dataDirectory,
    logger: silentLogger,
    searchPath: process.env.PATH ?? '',
  })
  const client = new pg.Client({
    ...postgres.connectionConfig,
    options: '-c synchronous_commit=off -c timezone=UTC',
  })
  await client.connect()
  await client.query('truncate activity, activity_days, activity_hours, activity_users')
  const perDay = Math.ceil(wanted / days)
  for (let back = days - 1; back >= 0; back -= 1) {
    const day = new Date(Date.now() - back * dayMs).toISOString().slice(0, 10)
    const next = new Date(Date.parse(day) + dayMs).toISOString().slice(0, 10)
    await client.query(
      `create table if not exists activity_${day.replaceAll('-', '')} partition of activity
       for values from ('${day} 00:00:00+00') to ('${next} 00:00:00+00')`,
    )
    for (let first = 0; first < perDay; first += batch)
      await client.query(rowsSql, [day, first, Math.min(batch, perDay - first), perDay])
    await client.query(
      `insert into activity_hours
       select date_trunc('hour', created_at), action, source, count(*), count(*) filter (where action = 'error')
       from activity where created_at >= $1::date and created_at < $1::date + 1 group by 1, 2, 3`,
      [day],
    )
    await client.query('insert into activity_days values ($1, $2)', [day, perDay])
  }
  await client.query(
    `insert into activity_users select user_id, max(created_at)::date from activity where created_at > now() - interval '2 days'
     group by 1`,
  )
  await client.query(rareSql, [
    new Date(Date.now() - (days - 1) * dayMs).toISOString().slice(0, 10),
    rare.userId,
    rare.word,
  ])
  await client.query('vacuum analyze activity')
  await client.end()
  await postgres.stop()
}

/** What only the oldest day holds, a handful of times. */
export const rare = { userId: '019bffff-0000-7000-8000-000000000000', word: 'needle', rows: 7 } as const

const rareSql = `
  insert into activity (id, created_at, action, source, user_id, message, search)
  select gen_random_uuid(), $1::date + n * interval '1 hour', 'login_failed', 'system', $2::uuid, $3, to_tsvector('simple', $3)
  from generate_series(1, ${rare.rows}) as n`

/** Calls of a hundred endpoints by a thousand users from many addresses; every fiftieth fails, some came with API keys. */
const rowsSql = `
  insert into activity (id, created_at, action, source, user_id, endpoint_id, message, ip, user_agent, status_code,
    response_time_ms, search)
  select id, created_at, action, source, user_id, endpoint_id, message, ip, user_agent, status_code, response_time_ms,
    strip(to_tsvector('simple', translate(lower(concat_ws(' ', message, action, source, ip, user_agent)), '/.:_-', '     ')))
  from (select gen_random_uuid() as id, $1::date + n * interval '86399 seconds' / $4::int as created_at,
    case when n % 50 = 0 then 'error' else 'api_call' end as action,
    (array['direct', 'api_key', 'mcp', 'cron'])[1 + n % 4] as source,
    ('019b0000-0000-7000-8000-' || lpad(to_hex(n % 1000), 12, '0'))::uuid as user_id, 'endpoint-' || n % 100 as endpoint_id,
    'GET /api/products/' || md5(n::text) || ': ' || case when n % 50 = 0 then 500 else 200 end as message,
    '10.' || n % 250 || '.' || n % 199 || '.7' as ip, 'bench/1.0' as user_agent,
    case when n % 50 = 0 then 500 else 200 end as status_code, n % 90 as response_time_ms
  from generate_series($2::int, $2::int + $3::int - 1) as n) as rows`

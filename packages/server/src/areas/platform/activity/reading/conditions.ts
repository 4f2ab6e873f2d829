import type { ActivityFilters } from '@holdfast/contracts/platform/activity'
import { type RawBuilder, sql } from 'kysely'
import type { Search } from '../words.ts'

/** What a question says of rows, in SQL. */
export interface Conditions {
  /** The one that an index answers in the order of time; undefined when there is none but the time itself. */
  leading: RawBuilder<boolean> | undefined
  others: RawBuilder<boolean>[]
}

/** As the index `activity_failed` says it. */
const hasFailed = sql<boolean>`(action = 'error' or action like '%\\_failed' or coalesce(status_code, 0) >= 400)`
const texts = sql`concat_ws(E'\\n', message, action, source, user_login, ip, user_agent, request_id, details::text)`

/** `filters` without their instants, which every question puts where it needs them. */
export function conditionsOf(filters: Omit<ActivityFilters, 'search'>, search: Search | null): Conditions {
  const { action = '', source, status, userId, endpointId } = filters
  const actions = action.split(',').filter((name) => name !== '')
  const indexed = [
    ...(userId === undefined ? [] : [sql<boolean>`user_id = ${userId}::uuid`]),
    ...(endpointId === undefined ? [] : [sql<boolean>`endpoint_id = ${endpointId}`]),
    ...(actions.length === 1 ? [sql<boolean>`action = ${actions[0]}`] : []),
    ...(status === 'failed' ? [hasFailed] : []),
    ...(source === undefined ? [] : [sql<boolean>`source = ${source}`]),
  ]
  const [leading, ...rest] = indexed
  return {
    leading,
    others: [
      ...rest,
      ...(actions.length > 1 ? [sql<boolean>`action = any(${actions}::text[])`] : []),
      ...(status === 'ok' ? [sql<boolean>`not ${hasFailed}`] : []),
      ...(search === null ? [] : [sql<boolean>`search @@ ${search.query}::tsquery`]),
      ...(search?.phrases ?? []).map(
        (phrase) => sql<boolean>`${texts} ilike ${`%${phrase.replace(/[\\%_]/g, '\\$&')}%`}`,
      ),
    ],
  }
}

/** All of them; true for none. */
export function allOf(conditions: readonly (RawBuilder<boolean> | undefined)[]): RawBuilder<boolean> {
  const given = conditions.filter((condition) => condition !== undefined)
  return given.length === 0 ? sql<boolean>`true` : sql<boolean>`${sql.join(given, sql` and `)}`
}

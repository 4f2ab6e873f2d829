import type { ActivityRow, ActivitySource, TailQuery } from '@holdfast/contracts/platform/activity'
import type { Actor } from '../../../context.ts'
import { storableJson, storableText } from '../../../storable.ts'

/** What a caller of `record` says. Everything but action and message has a default. */
export interface NewActivity {
  /** As the reference names them: `login`, `error`, `api_call`, `user_create`, … */
  action: string
  message: string
  source?: ActivitySource
  userId?: string | null
  endpointId?: string | null
  details?: Record<string, unknown> | null
  ip?: string | null
  userAgent?: string | null
  statusCode?: number | null
  responseTimeMs?: number | null
  /** How many calls this row stands for, and how many of them failed; without it one, by action and status. */
  stands?: { calls: number; errors: number }
}

export interface RecordedActivity extends NewActivity {
  recordedAtMs: number
  /** Given once, so that a batch that is written twice is stored once. */
  id: string
}

/** A row as the repo writes it: short enough, and storable whatever a client sent. */
export function activityRow(entry: RecordedActivity) {
  const stands = entry.stands ?? { calls: 1, errors: hasFailed(entry) ? 1 : 0 }
  return {
    id: entry.id,
    created_at: new Date(entry.recordedAtMs).toISOString(),
    action: storableText(entry.action).slice(0, 80),
    source: entry.source ?? 'direct',
    user_id: entry.userId ?? null,
    endpoint_id: entry.endpointId ?? null,
    message: storableText(entry.message).slice(0, 2_000),
    details: entry.details === undefined || entry.details === null ? null : storableJson(entry.details),
    ip: entry.ip ?? null,
    user_agent: entry.userAgent == null ? null : storableText(entry.userAgent).slice(0, 512),
    status_code: entry.statusCode ?? null,
    response_time_ms: entry.responseTimeMs ?? null,
    ...stands,
  }
}

/** Whether a row counts among the errors. */
function hasFailed({ action, statusCode }: Pick<NewActivity, 'action' | 'statusCode'>): boolean {
  return action === 'error' || action.endsWith('_failed') || (statusCode ?? 0) >= 400
}

export type ActivityInsert = ReturnType<typeof activityRow>

/** The way an actor came in, in the words of the log. */
export function sourceOf(actor: Actor): ActivitySource {
  if (actor.kind === 'system') return 'system'
  return actor.kind === 'user' && actor.via === 'api_key' ? 'api_key' : 'direct'
}

const idSlackMs = 60_000
/** PostgreSQL writes years up to here as JavaScript does, and nothing was logged before the epoch. */
const latestMs = Date.UTC(9_000, 0)

/** An instant that a client names, as PostgreSQL reads it: years that only one of the two knows become the nearest. */
export function storableInstant(text: string): string {
  return new Date(Math.min(Math.max(Date.parse(text), 0), latestMs)).toISOString()
}

/** When the row with this id (UUIDv7, RFC 9562 §5.7) was written, with some slack; another UUID tells some time or other. */
export function writtenAround(id: string): { from: string; until: string } {
  const atMs = Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)
  const boundedMs = Math.min(atMs, latestMs)
  return {
    from: new Date(boundedMs - idSlackMs).toISOString(),
    until: new Date(boundedMs + idSlackMs).toISOString(),
  }
}

/** Whether a list with these filters would show the row. */
export function matches(row: ActivityRow, filters: TailQuery): boolean {
  const { action = '', source, status, userId, endpointId, search = '' } = filters
  const actions = action.split(',').filter((name) => name !== '')
  const wanted = search.toLowerCase()
  const texts = [row.message, row.action, row.source, row.ip, row.userAgent]
  return (
    (actions.length === 0 || actions.includes(row.action)) &&
    (source === undefined || row.source === source) &&
    (status === undefined || hasFailed(row) === (status === 'failed')) &&
    (userId === undefined || row.userId === userId) &&
    (endpointId === undefined || row.endpointId === endpointId) &&
    (wanted === '' || texts.some((text) => text?.toLowerCase().includes(wanted)))
  )
}

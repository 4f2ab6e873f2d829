import type {
  ActivityAction,
  ActivityRow,
  ActivitySource,
  TailQuery,
} from '@holdfast/contracts/platform/activity'
import type { Actor } from '../../../context.ts'
import { storableJson, storableText } from '../../../storable.ts'
import { isFound, wordsOf } from './words.ts'

/** What a caller of `record` says. Everything but action and message has a default. */
export interface NewActivity {
  /** As the reference names them. */
  action: ActivityAction
  message: string
  source?: ActivitySource
  userId?: string | null
  /** What the user is called now. */
  login?: string | null
  endpointId?: string | null
  details?: Record<string, unknown> | null
  ip?: string | null
  userAgent?: string | null
  requestId?: string | null
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
  const texts = {
    action: entry.action,
    source: entry.source ?? 'direct',
    message: storableText(entry.message).slice(0, 2_000),
    login: entry.login == null ? null : storableText(entry.login).slice(0, 320),
    ip: entry.ip ?? null,
    userAgent: entry.userAgent == null ? null : storableText(entry.userAgent).slice(0, 512),
    requestId: entry.requestId == null ? null : storableText(entry.requestId).slice(0, 128),
    details: entry.details == null ? null : storableJson(entry.details),
  }
  const { login, userAgent, requestId, ...same } = texts
  return {
    ...same,
    id: entry.id,
    created_at: new Date(entry.recordedAtMs).toISOString(),
    user_id: entry.userId ?? null,
    user_login: login,
    endpoint_id: entry.endpointId ?? null,
    user_agent: userAgent,
    request_id: requestId,
    status_code: entry.statusCode ?? null,
    response_time_ms: entry.responseTimeMs ?? null,
    words: wordsOf(texts),
    ...stands,
  }
}

/** Whether a row counts among the errors. */
function hasFailed({ action, statusCode }: { action: string; statusCode?: number | null }): boolean {
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
  return (
    (actions.length === 0 || actions.includes(row.action)) &&
    (source === undefined || row.source === source) &&
    (status === undefined || hasFailed(row) === (status === 'failed')) &&
    (userId === undefined || row.userId === userId) &&
    (endpointId === undefined || row.endpointId === endpointId) &&
    isFound(row, search)
  )
}

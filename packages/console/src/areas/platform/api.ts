import { request } from '../../lib/client.ts'

export interface ActivityEntry {
  id: string
  action: string
  source: string
  userId: string | null
  message: string
  ip: string | null
  statusCode: number | null
  responseTime: number | null
  createdAt: string
}

export interface ActivityList {
  rows: ActivityEntry[]
  total: number
}

export async function fetchActivity(
  query: { page: number; limit: number; action?: string | undefined; search?: string | undefined },
  signal: AbortSignal,
): Promise<ActivityList> {
  const answer = (await request({ path: '/api/dashboard/logs', query, signal })) as {
    data: ActivityEntry[]
    meta: { total: number }
  }
  return { rows: answer.data, total: answer.meta.total }
}

export interface AuditEntry {
  id: string
  sequence: number
  actor: string
  action: string
  targetType: string | null
  targetId: string | null
  result: string
  at: string
  details?: unknown
}

export interface AuditPage {
  rows: AuditEntry[]
  total: number
  nextCursor: string | null
}

export interface AuditFilters {
  actor?: string | undefined
  action?: string | undefined
  result?: string | undefined
  since?: string | undefined
}

export async function fetchAudit(
  filters: AuditFilters,
  cursor: string | null,
  signal: AbortSignal,
): Promise<AuditPage> {
  const answer = (await request({
    path: '/api/audit',
    query: { ...filters, limit: 100, cursor },
    signal,
  })) as {
    data: AuditEntry[]
    meta: { total: number }
    next_cursor: string | null
  }
  return { rows: answer.data, total: answer.meta.total, nextCursor: answer.next_cursor }
}

export interface Settings {
  appName: string
  defaultTheme: 'system' | 'light' | 'dark'
  enableRegistration: boolean
  jwtExpiresIn: string
  jwtRefreshExpiresIn: string
  rateLimitWindowMs: number
  rateLimitMax: number
  rateLimitAddressMax: number
  rateLimitSignInMax: number
  authMaxAttempts: number
  authLockoutDurationMs: number
  logRetentionDays: number
}

export interface SettingsAnswer {
  settings: Settings
  logsCount: number
}

export async function fetchSettings(): Promise<SettingsAnswer> {
  return ((await request({ path: '/api/settings' })) as { data: SettingsAnswer }).data
}

export const updateSettings = (changes: Partial<Settings>) =>
  request({ method: 'PUT', path: '/api/settings', body: changes })

/** Clears the activity log, all of it or what is older than the retention; answers how many entries went. */
export async function clearActivity(which: 'all' | 'old'): Promise<number> {
  const path = which === 'all' ? '/api/settings/logs' : '/api/settings/logs/old'
  const answer = (await request({ method: 'DELETE', path })) as {
    deleted?: number
    data?: { deleted: number }
  }
  return answer.data?.deleted ?? answer.deleted ?? 0
}

import type { Context } from '../../../context.ts'
import type { DayOutcomes } from './rules.ts'

/**
 * What the dashboard asks of other modules. Each answers from counters or from short lists: what is asked here costs the
 * same however much has happened. `day` is `YYYY-MM-DD` in UTC, inclusive.
 */
export interface DashboardSources {
  countUsers(ctx: Context): Promise<number>
  /** Without the product's own endpoints. */
  countEndpoints(): number
  countEndpointGroups(ctx: Context): Promise<number>
  /** Bounded by how many jobs there may be. */
  cronJobs(ctx: Context): Promise<SourceCronJob[]>
  cronDays(ctx: Context, day: string): Promise<DayOutcomes[]>
  webhooks(ctx: Context): Promise<SourceWebhook[]>
  webhookDays(ctx: Context, day: string): Promise<DayOutcomes[]>
  countApiKeys(ctx: Context): Promise<number>
  /** Tools that the MCP server offers whoever asks. */
  countMcpTools(ctx: Context): number
  /** The newest of the API keys that nobody has used for thirty days. */
  unusedApiKeys(ctx: Context, limit: number): Promise<{ id: string; name: string; prefix: string }[]>
}

export interface SourceCronJob {
  id: string
  name: string
  enabled: boolean
  lastRunStatus: 'success' | 'error' | null
  lastRunMessage: string | null
}

export interface SourceWebhook {
  id: string
  name: string
  url: string
  enabled: boolean
  lastStatus: string | null
}

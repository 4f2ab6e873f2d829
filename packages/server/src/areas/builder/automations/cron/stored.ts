import type {
  CronJobInput,
  CronRun,
  cronActions,
  cronTriggers,
} from '@holdfast/contracts/builder/automations/cron'

/** What a cron job does, as its row holds it. */
export type CronAction = Pick<
  CronJobInput,
  | 'javascriptCode'
  | 'httpUrl'
  | 'httpMethod'
  | 'httpHeaders'
  | 'httpBody'
  | 'endpointPath'
  | 'endpointMethod'
  | 'endpointBody'
> & { actionType: (typeof cronActions)[number] }

export interface StoredCronJob extends Omit<CronJobInput, keyof CronAction> {
  id: string
  action: CronAction
  nextRunAt: string | null
  lastRunAt: string | null
  lastRunStatus: 'success' | 'error' | null
  lastRunMessage: string | null
  createdAt: string
  updatedAt: string
}

export interface NewCronRun {
  id: string
  cronId: string
  state: 'queued' | 'skipped'
  trigger: (typeof cronTriggers)[number]
  attempt: number
  scheduledFor: string
  message: string
}

/** How a run ended. */
export interface CronOutcome {
  state: 'success' | 'error' | 'lost'
  message: string
  output: unknown
  error: CronRun['error']
  console: CronRun['console']
  consoleDropped: number
  durationMs: number
}

/** The channel on which servers tell each other that there is something to run, or to look at. */
export const cronChannel = 'holdfast_cron'

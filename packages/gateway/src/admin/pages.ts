import type { LinkStatus } from '../link/link.ts'

/** What there is to know about a gateway's condition. */
export interface Condition {
  configSource: 'live' | 'cache' | 'none'
  configVersion: number | null
  /** The key was revoked, or the organization suspended: requests are refused. */
  withdrawn: string | null
  stopping: boolean
  gatewayId: string
  version: string
  link: LinkStatus
  diskProblem: string | null
  endedBadly: boolean
}

export interface Answer {
  status: number
  body: unknown
}

/** Whether it may be sent traffic: it has a configuration, it may serve, it is not about to end. */
export function isReady({ configSource, withdrawn, stopping }: Condition): boolean {
  return configSource !== 'none' && withdrawn === null && !stopping
}

/** For everybody. */
export function publicHealth(condition: Condition): Answer {
  const { configSource, configVersion, withdrawn } = condition
  const status = withdrawn !== null ? 'withdrawn' : configSource === 'none' ? 'waiting' : 'ok'
  return { status: status === 'ok' ? 200 : 503, body: { status, configSource, configVersion } }
}

/** For whoever runs the gateway. */
export function health(condition: Condition): Answer {
  const { status, body } = publicHealth(condition)
  const { gatewayId, version, link, diskProblem, endedBadly, withdrawn } = condition
  return {
    status,
    body: {
      ...Object(body),
      gatewayId,
      version,
      link: { ...link, since: link.since.toISOString() },
      withdrawn,
      diskProblem,
      previousEnd: endedBadly ? 'crash' : 'stop',
    },
  }
}

/**
 * How long each step of a stop may take, one after the other. Together they stay below what deploy/ grants before the
 * process is killed, and PostgreSQL with it.
 */
export const stopDeadlines = {
  /** Requests, jobs and everything else that runs; the gateway of this machine meanwhile. */
  partsMs: 17_000,
  connectionsMs: 1_000,
  postgresMs: 8_000,
} as const

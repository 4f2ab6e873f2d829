/** What the benchmark and its fleets say to each other. Instants are milliseconds since the epoch, with fractions. */
export type ToFleet = { type: 'probe'; apiKey: string; pauseMs: number } | { type: 'stop' }

export type FromFleet =
  | { type: 'ready' }
  /** Every gateway has accepted the key that is probed. */
  | { type: 'accepting' }
  | { type: 'refused'; lastAcceptedAtMs: number; requests: number }

export interface FleetSettings {
  server: string
  keys: string[]
}

export const preciseNowMs = () => performance.timeOrigin + performance.now()

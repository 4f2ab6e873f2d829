import type { UserActor } from '../context.ts'

/** A change that somebody with a good credential may not make, or not this way (401 or 403). */
export interface Refusal {
  actor: UserActor
  method: string
  /** As the route declares it, with its parameters unfilled. */
  path: string
  status: number
  /** Of the problem. */
  code: string
  requestId: string
  ip: string
  userAgent: string | null
}

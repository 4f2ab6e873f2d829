import type { IncomingHttpHeaders } from 'node:http'
import type { Problem } from '@holdfast/contracts/kit/problem'
import { isMutation, type RouteShape } from '@holdfast/contracts/kit/route'
import type { UserActor } from '../context.ts'
import { addressOf } from './request-facts.ts'

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

interface Incoming {
  id: string
  method: string
  headers: IncomingHttpHeaders
  socket: { remoteAddress?: string | undefined }
}

/** Who sent a request, for when it is refused. */
const callers = new WeakMap<Incoming, Pick<Refusal, 'actor' | 'path'>>()

export function noteCaller(request: Incoming, actor: UserActor, path: string): void {
  callers.set(request, { actor, path })
}

/** The refused change that this problem is, or null when it is none or nobody is known to have asked. */
export function refusalOf(
  request: Incoming,
  { status, code }: Pick<Problem, 'status' | 'code'>,
  trustedProxies: number,
): Refusal | null {
  const caller = callers.get(request)
  const { id: requestId, method, headers } = request
  if (caller === undefined || !isMutation(method as RouteShape['method'])) return null
  if (status !== 401 && status !== 403) return null
  const ip = addressOf(request, trustedProxies)
  const userAgent = headers['user-agent']?.slice(0, 512) ?? null
  return { ...caller, method, status, code, requestId, ip, userAgent }
}

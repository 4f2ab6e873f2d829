import type { RouteAnswer, RouteInput, RouteShape } from '@holdfast/contracts/kit/route'
import type { Context } from '../context.ts'

export interface CookieChange {
  name: string
  /** `null` deletes the cookie. */
  value: string | null
  maxAgeSeconds?: number
  /** HttpOnly unless false. */
  readable?: boolean
}

/** What a handler answers when the plain body is not enough. */
export class Reply<B> {
  readonly body: B
  readonly status: number | undefined
  readonly headers: Record<string, string>
  readonly cookies: CookieChange[]
  constructor(
    body: B,
    options: { status?: number; headers?: Record<string, string>; cookies?: CookieChange[] } = {},
  ) {
    this.body = body
    this.status = options.status
    this.headers = options.headers ?? {}
    this.cookies = options.cookies ?? []
  }
}

/** Facts of the request that few handlers need: everything else is in the parsed input. */
export interface RequestFacts {
  headers: Readonly<Record<string, string | undefined>>
  cookies: Readonly<Record<string, string>>
  /** `http` or `https`, as the client saw it. */
  scheme: string
  host: string
}

export type Handler<R extends RouteShape> = (
  ctx: Context,
  input: RouteInput<R>,
  request: RequestFacts,
) => Promise<RouteAnswer<R> | Reply<RouteAnswer<R>>>

/** A contract route together with what answers it. */
export interface BoundRoute {
  route: RouteShape
  handler: (ctx: Context, input: RouteInput<RouteShape>, request: RequestFacts) => Promise<unknown>
}

/** Pairs a route with its handler; the compiler holds both to the contract. */
export function handle<R extends RouteShape>(route: R, handler: Handler<R>): BoundRoute {
  return { route, handler }
}

import type { RouteRequest, RouteShape } from '@holdfast/contracts/kit/route'
import type { World } from './world.ts'

/** One request of a scenario. Without `as`, a new Super Admin sends it. */
export interface Call {
  params?: Readonly<Record<string, unknown>> | undefined
  query?: Readonly<Record<string, unknown>> | undefined
  body?: unknown
  /** Who sends it: headers that carry a credential (none for nobody). */
  as?: { headers: Record<string, string> }
  headers?: Record<string, string>
}

/** Prepares what a request needs and answers the request. */
export type Way<C = Call> = (world: World) => Promise<C> | C

/** A way that needs a server of its own: nothing set up yet, say, or another configuration. */
export interface OwnServer<C = Call> {
  /** Or what makes it, when something has to be started first. */
  environment: Record<string, string> | (() => Promise<Record<string, string>>)
  way: Way<C>
}

/** A problem that only two requests at the same instant can meet; a test of the module shows it. */
export interface OnlyByRace {
  onlyByRace: string
}

export interface Scenario {
  route: RouteShape
  /** The request that the route serves. */
  success: Way | OwnServer
  /** For each declared problem, the request that meets it. */
  problems: Readonly<Record<string, Way | OwnServer | OnlyByRace>>
  /** A request for something of another organization; must be answered as if it did not exist. */
  foreign?: Way
  /** Why an id that nobody has is not a 404 here. */
  unknownIdAllowed?: string
  /** Actions that are written down beside the route's own, because it does more than one thing. */
  alsoAudited?: readonly string[]
}

type Given<T> = { [K in keyof T as T[K] extends undefined ? never : K]: T[K] }
type CallOf<R extends RouteShape> = Given<RouteRequest<R>> & Pick<Call, 'as' | 'headers'>
type DeclaredOf<R extends RouteShape> = R['problems'] extends readonly (infer P extends string)[] ? P : never

/** Declares how a route is reached. The compiler asks for a way to every problem that the route declares. */
export function scenario<R extends RouteShape>(route: R, ways: WaysOf<R>): Scenario {
  // The compiler has held the ways to the route; from here on every route's scenario has one type.
  const { success, alsoAudited, foreign, unknownIdAllowed } = ways
  const problems = 'problems' in ways ? (ways.problems as Scenario['problems']) : {}
  return {
    route,
    success,
    problems,
    ...(alsoAudited && { alsoAudited }),
    ...(foreign && { foreign }),
    ...(unknownIdAllowed !== undefined && { unknownIdAllowed }),
  }
}

type Reached<R extends RouteShape> = Way<CallOf<R>> | OwnServer<CallOf<R>>
type WaysOf<R extends RouteShape> = Pick<Scenario, 'alsoAudited' | 'unknownIdAllowed' | 'foreign'> & {
  success: Reached<R>
} & ([DeclaredOf<R>] extends [never] ? unknown : { problems: Record<DeclaredOf<R>, Reached<R> | OnlyByRace> })

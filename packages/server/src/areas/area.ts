import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Part } from '@holdfast/kernel/lifecycle'
import type { BoundRoute } from '../http/handle.ts'
import type { SocketRoute } from '../http/sockets.ts'
import type { EventConsumer } from '../work/events/delivery/consumers.ts'
import type { JobHandler } from '../work/jobs/service.ts'
import type { OperationHandler } from '../work/operations/service.ts'
import type { Schedule } from '../work/schedules/service.ts'

/** What an area hands to the server: its routes, its jobs, and what must be started and stopped. */
export interface Area {
  routes: BoundRoute[]
  jobs?: JobHandler[]
  consumers?: EventConsumer[]
  schedules?: Schedule[]
  operations?: OperationHandler[]
  parts?: Part[]
  sockets?: SocketRoute[]
  /** Sees every request before the routes do; answers true when it has taken it over. */
  intercept?: (request: IncomingMessage, response: ServerResponse) => boolean
  /** Called before the server stops listening: ends what was intercepted, and refuses what still comes. */
  drain?: (withinMs: number) => Promise<void>
}

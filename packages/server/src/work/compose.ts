import type { Database } from '@holdfast/database/database'
import { type Catalogue, catalogue } from '@holdfast/kernel/catalogue'
import { type Clock, systemClock } from '@holdfast/kernel/clock'
import type { Ids } from '@holdfast/kernel/id'
import type { Part } from '@holdfast/kernel/lifecycle'
import type { Logger } from '@holdfast/kernel/logger'
import type { Area } from '../areas/area.ts'
import type { AuditLog } from '../areas/platform/audit/service.ts'
import type { Tables } from '../tables.ts'
import type { Tracing } from '../tracing/tracing.ts'
import { createConsumerRepo } from './events/delivery/repo.ts'
import { createEventConsumers, type EventConsumer } from './events/delivery/consumers.ts'
import { createEventFeed } from './events/delivery/feed.ts'
import { createEventsRepo } from './events/repo.ts'
import { createEvents } from './events/service.ts'
import { createEventUpkeep } from './events/delivery/upkeep.ts'
import { createJobs } from './jobs/add.ts'
import { createRunnerRepo } from './jobs/repo.ts'
import { createJobRunner } from './jobs/runner.ts'
import type { JobHandler } from './jobs/service.ts'
import { createAbandonedOperations } from './operations/abandoned.ts'
import { createOperationChanges } from './operations/changes.ts'
import { createOperationsRepo } from './operations/repo.ts'
import { createOperationJobs } from './operations/runner.ts'
import { createOperations, type OperationHandler } from './operations/service.ts'
import { createSchedulesRepo } from './schedules/repo.ts'
import { createSchedules } from './schedules/service.ts'

interface Needs {
  database: Database<Tables>
  clock: Clock
  ids: Ids
  logger: Logger
  audit: AuditLog
  /** The name of the data directory; see start/place.ts. */
  place: () => string
  tracing?: Tracing | null
}

/** What the areas bring for the engine to run. */
type Brought = Pick<Area, 'jobs' | 'consumers' | 'schedules' | 'operations'>

/**
 * Events, jobs, schedules and operations. Their services are there before the areas, which use them; `engine` is given
 * what the areas bring and answers the parts that run it.
 */
export function composeWork(needs: Needs) {
  const { database, clock, ids, logger, place, tracing = null } = needs
  let jobHandlers: Catalogue<JobHandler> = new Map()
  let eventConsumers: Catalogue<EventConsumer> = new Map()
  let operationHandlers: Catalogue<OperationHandler> = new Map()

  const consumerRepo = createConsumerRepo(database)
  // Other transactions and other servers are waited for in real time, whatever clock the rest of the server has.
  const feed = createEventFeed({ repo: consumerRepo, clock: systemClock, logger })
  const events = {
    ...createEvents({ repo: createEventsRepo(database), clock, ids }),
    subscribe: feed.subscribe,
  }
  const eventUpkeep = createEventUpkeep({
    repo: consumerRepo,
    consumers: () => [...eventConsumers.keys()],
    clock,
  })

  const jobs = createJobs(database, () => jobHandlers)
  const runnerRepo = createRunnerRepo(database)
  const schedules = createSchedules({ repo: createSchedulesRepo(database), database, jobs, clock, logger })

  const operationsRepo = createOperationsRepo(database)
  const changes = createOperationChanges(operationsRepo)
  const operations = createOperations({
    ...needs,
    repo: operationsRepo,
    jobs,
    events,
    changes,
    handlers: () => operationHandlers,
  })

  function engine(areas: readonly Brought[]): Part[] {
    operationHandlers = catalogue('operation', ...areas.map((area) => area.operations ?? []))
    eventConsumers = catalogue('event consumer', ...areas.map((area) => area.consumers ?? []))
    const operationJobs = createOperationJobs({
      repo: operationsRepo,
      database,
      events,
      changes,
      place,
      handlers: () => operationHandlers,
      clock,
      progressClock: systemClock,
      logger,
    })
    jobHandlers = catalogue('job', operationJobs, ...areas.map((area) => area.jobs ?? []))
    const builtIn = [...catalogue('schedule', ...areas.map((area) => area.schedules ?? [])).values()]
    for (const { name, job } of builtIn) {
      if (!jobHandlers.has(job))
        throw new Error(`The schedule "${name}" names the job "${job}", which does not exist.`)
    }
    return [
      feed.part,
      changes.part,
      createJobRunner({
        database,
        repo: runnerRepo,
        handlers: jobHandlers,
        clock: systemClock,
        logger,
        tracing,
      }),
      createAbandonedOperations({
        repo: operationsRepo,
        database,
        events,
        handlers: () => operationHandlers,
        clock,
        lookClock: systemClock,
        logger,
      }),
      createEventConsumers({
        repo: consumerRepo,
        consumers: eventConsumers,
        holder: ids.uuid(),
        clock: systemClock,
        logger,
      }),
      schedules.runner(builtIn),
    ]
  }

  return { events, eventUpkeep, jobs, jobCounts: runnerRepo, schedules, operations, operationsRepo, engine }
}

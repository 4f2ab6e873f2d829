import { isProblem, Problem } from '@holdfast/contracts/kit/problem'
import type { ProjectImported } from '@holdfast/contracts/builder/project'
import type { ProjectEndpoint } from '@holdfast/contracts/builder/project-bundle'
import type { Context } from '../../../context.ts'
import type { Settings } from '../../platform/settings/service.ts'
import type { Webhooks } from '../../platform/webhooks/service.ts'
import type { CronJobs } from '../automations/cron/service.ts'
import type { EndpointGroups } from '../endpoint-groups/service.ts'
import type { Endpoints } from '../endpoints/service.ts'
import { endpointKey, endpointName } from './bundle-of.ts'
import { endpointInput, type Ids, referencesIn, withoutReferences } from './endpoint-input.ts'
import type { Held, Mistake } from './model.ts'
import type { Plan } from './plan.ts'

/** Does what a plan says through the services, so that each thing is checked, audited and told of as if done by itself. */
export interface CarryOutNeeds {
  endpoints: Endpoints
  endpointGroups: EndpointGroups
  cron: Pick<CronJobs, 'create' | 'update' | 'remove'>
  webhooks: Pick<Webhooks, 'create' | 'update' | 'remove'>
  settings: Pick<Settings, 'update'>
}

export type Outcome = Pick<ProjectImported, 'losses' | 'notes' | 'operationIds'> & { mistakes: Mistake[] }

/**
 * Works in `ctx.tx`. Refusals are collected, each with its place, and the caller rolls back: after one of them what is
 * written is not the plan any more. With `confirm` records may lose values; `losses` names them either way.
 */
export async function carryOut(
  needs: CarryOutNeeds,
  ctx: Context,
  held: Held,
  plan: Plan,
  confirm: boolean,
): Promise<Outcome> {
  const { endpoints, endpointGroups, cron, webhooks, settings } = needs
  const outcome: Outcome = { losses: [], notes: [], operationIds: [], mistakes: [] }
  const doing = (action: string): Context => ({ ...ctx, audit: { action, appended: 0 } })

  async function step<T>(place: string, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      const details = error.details.map(({ path, message }) => ({
        path: `${place} ${path.replace(/^body\./, '')}`,
        message,
      }))
      outcome.mistakes.push(...(details.length > 0 ? details : [{ path: place, message: error.message }]))
      return undefined
    }
  }

  const endpointIds = new Map(held.endpoints.map((endpoint) => [endpointKey(endpoint), endpoint.id]))
  const endpointGroupIds = new Map(held.endpointGroups.map(({ name, id }) => [name, id]))
  const groupIds = new Map(held.groups.map(({ name, id }) => [name, id]))
  const ids: Ids = {
    endpoint: (key) => endpointIds.get(key),
    endpointGroup: (name) => endpointGroupIds.get(name),
    group: (name) => groupIds.get(name),
  }

  async function saveEndpointGroups(): Promise<void> {
    for (const { held: before, wanted } of plan.endpointGroups.update) {
      await step(`endpoint group ${wanted.name}`, () =>
        endpointGroups.update(doing('endpoint_group.updated'), before.id, wanted),
      )
      endpointGroupIds.set(wanted.name, before.id)
    }
    for (const wanted of plan.endpointGroups.create) {
      const made = await step(`endpoint group ${wanted.name}`, () =>
        endpointGroups.create(doing('endpoint_group.created'), wanted),
      )
      if (made !== undefined) endpointGroupIds.set(wanted.name, made.id)
    }
  }

  async function createOne(wanted: ProjectEndpoint): Promise<void> {
    const made = await step(endpointName(wanted), () =>
      endpoints.create(doing('endpoint.created'), endpointInput(wanted, [], ids)),
    )
    if (made === undefined) return
    endpointIds.set(endpointKey(wanted), made.endpoint.id)
    outcome.operationIds.push(...made.operationIds)
  }

  /** The fields are read anew: another endpoint on the path may have changed them a moment ago. */
  async function updateOne(id: string, wanted: ProjectEndpoint): Promise<void> {
    await step(endpointName(wanted), async () => {
      const { schema } = await endpoints.get(ctx, id)
      const input = endpointInput(wanted, schema, ids)
      const update = (confirmed: boolean) =>
        endpoints.update(doing('endpoint.updated'), id, { ...input, confirm: confirmed })
      const saved = await update(false).catch((error: unknown) => {
        if (!isProblem(error, 'endpoints.schema_loses_data')) throw error
        outcome.losses.push({ endpoint: endpointName(wanted), message: lossOf(error) })
        return confirm ? update(true) : undefined
      })
      outcome.operationIds.push(...(saved?.operationIds ?? []))
    })
  }

  /** Whoever is pointed at comes first. Of those that point at each other one begins without its references. */
  async function createEndpoints(): Promise<void> {
    const isThere = (key: string) => endpointIds.has(key)
    let waiting = plan.endpoints.create
    const incomplete: ProjectEndpoint[] = []
    while (waiting.length > 0) {
      const ready = waiting.filter(({ fields }) => referencesIn(fields).every(isThere))
      const [first] = ready.length > 0 ? [] : waiting
      const begun = first === undefined ? ready : [first]
      if (first !== undefined) incomplete.push(first)
      for (const wanted of begun)
        await createOne({ ...wanted, fields: withoutReferences(wanted.fields, isThere) })
      waiting = waiting.filter((wanted) => !begun.includes(wanted))
      if (outcome.mistakes.length > 0) return
    }
    for (const wanted of incomplete) await updateOne(endpointIds.get(endpointKey(wanted)) ?? '', wanted)
  }

  async function saveAutomations(): Promise<void> {
    for (const wanted of plan.cronJobs.create)
      await step(`cron job ${wanted.name}`, () => cron.create(doing('cron.created'), wanted))
    for (const { held: before, wanted } of plan.cronJobs.update)
      await step(`cron job ${wanted.name}`, () => cron.update(doing('cron.updated'), before.id, wanted))
    for (const { id, name } of plan.cronJobs.remove)
      await step(`cron job ${name}`, () => cron.remove(doing('cron.deleted'), id))
    for (const wanted of plan.webhooks.create) {
      await step(`webhook ${wanted.name}`, () =>
        webhooks.create(doing('webhook.created'), { ...wanted, customHeaders: {} }),
      )
      outcome.notes.push(
        `The webhook ${wanted.name} has a secret of its own. Rotate it to see it, and enter its headers if it needs any.`,
      )
    }
    for (const { held: before, wanted } of plan.webhooks.update)
      await step(`webhook ${wanted.name}`, () => webhooks.update(doing('webhook.updated'), before.id, wanted))
    for (const { id, name } of plan.webhooks.remove)
      await step(`webhook ${name}`, () => webhooks.remove(doing('webhook.deleted'), id))
  }

  // Addresses are looked up by name here: before endpoints are locked.
  await saveAutomations()
  if (Object.keys(plan.settings).length > 0)
    await step('settings', () => settings.update(doing('settings.updated'), plan.settings))
  await saveEndpointGroups()
  if (outcome.mistakes.length > 0) return outcome
  await createEndpoints()
  for (const { held: before, wanted } of plan.endpoints.update) await updateOne(before.id, wanted)
  for (const gone of plan.endpoints.remove)
    await step(endpointName(gone), () => endpoints.remove(doing('endpoint.deleted'), gone.id, true))
  for (const { id, name } of plan.endpointGroups.remove)
    await step(`endpoint group ${name}`, () => endpointGroups.remove(doing('endpoint_group.deleted'), id))
  return outcome
}

/** The facts of the refusal, without its advice. */
function lossOf({ data, message }: Problem): string {
  const affected = (data?.affected ?? []) as { field: string; records: number; change: string }[]
  if (affected.length === 0) return message
  return affected
    .map(({ field, records, change }) => `"${field}" is ${change}: ${records} records`)
    .join(', ')
}

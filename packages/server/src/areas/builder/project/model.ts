import type { CronJob } from '@holdfast/contracts/builder/automations/cron'
import type { EndpointGroup } from '@holdfast/contracts/builder/endpoint-groups'
import type { Endpoint } from '@holdfast/contracts/builder/endpoints'
import type { SettingValues } from '@holdfast/contracts/platform/settings'
import type { Webhook } from '@holdfast/contracts/platform/webhooks'

/** What is defined here now, as the services show it. */
export interface Held {
  endpointGroups: readonly EndpointGroup[]
  endpoints: readonly Endpoint[]
  cronJobs: readonly CronJob[]
  /** Without those that belong to plugins. */
  webhooks: readonly Webhook[]
  settings: SettingValues
  /** Groups of people; a bundle names them and never holds them. */
  groups: readonly { id: string; name: string }[]
}

/** Something in a bundle that cannot be imported, and where it stands. */
export interface Mistake {
  path: string
  message: string
}

/** A record on its way into a collection. */
export interface RecordLine {
  /** The path of the collection. */
  path: string
  value: Record<string, unknown>
  /** Where it stands in what was sent. */
  place: string
  /** Characters of it; 0 where the whole file is small. */
  length: number
}

/** Paths of collections all of whose records are in the bundle. */
export interface CompleteLine {
  complete: readonly string[]
  place: string
}

/** What a bundle holds beside definitions, one by one. */
export type BundleLine = RecordLine | CompleteLine

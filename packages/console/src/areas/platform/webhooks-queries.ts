import {
  getWebhook,
  listWebhookEvents,
  listWebhooks,
  type Webhook,
} from '@holdfast/contracts/platform/webhooks'
import { queryOptions } from '@tanstack/react-query'
import { client } from '../../lib/client.ts'
import type { Tone } from '../../ui/badge.tsx'

/** How often the state of deliveries is asked for while a page with them is on screen. */
export const webhookRefreshMs = 5_000

export const webhooksQuery = queryOptions({
  queryKey: ['webhooks', 'list'],
  queryFn: async ({ signal }) => (await client.call(listWebhooks, {}, { signal })).data,
  refetchInterval: webhookRefreshMs,
})

export const webhookQuery = (id: string) =>
  queryOptions({
    queryKey: ['webhooks', 'one', id],
    queryFn: async ({ signal }) => (await client.call(getWebhook, { params: { id } }, { signal })).data,
    refetchInterval: webhookRefreshMs,
  })

export const webhookEventsQuery = queryOptions({
  queryKey: ['webhooks', 'events'],
  queryFn: async ({ signal }) => (await client.call(listWebhookEvents, {}, { signal })).data,
  staleTime: Number.POSITIVE_INFINITY,
})

export const healthWords: Record<Webhook['health'], { label: string; tone: Tone }> = {
  unknown: { label: 'Not used yet', tone: 'neutral' },
  healthy: { label: 'Healthy', tone: 'ok' },
  failing: { label: 'Failing', tone: 'bad' },
  disabled: { label: 'Disabled', tone: 'neutral' },
}

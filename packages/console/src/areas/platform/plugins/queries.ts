import { getPlugin, getPluginConfig, listPlugins, type Plugin } from '@holdfast/contracts/platform/plugins'
import { queryOptions } from '@tanstack/react-query'
import { client } from '../../../lib/client.ts'
import type { Tone } from '../../../ui/badge.tsx'

/** How often the health of plugins is asked for while a page with it is on screen. */
const refreshMs = 5_000

export const pluginsQuery = queryOptions({
  queryKey: ['plugins', 'list'],
  queryFn: async ({ signal }) => (await client.call(listPlugins, {}, { signal })).data,
  refetchInterval: refreshMs,
})

export const pluginQuery = (id: string) =>
  queryOptions({
    queryKey: ['plugins', 'one', id],
    queryFn: async ({ signal }) => (await client.call(getPlugin, { params: { id } }, { signal })).data,
    refetchInterval: refreshMs,
  })

export const pluginConfigQuery = (id: string) =>
  queryOptions({
    queryKey: ['plugins', 'config', id],
    queryFn: async ({ signal }) => (await client.call(getPluginConfig, { params: { id } }, { signal })).data,
  })

export const statusWords: Record<Plugin['status'], { label: string; tone: Tone }> = {
  registered: { label: 'Waiting for it', tone: 'info' },
  active: { label: 'Active', tone: 'ok' },
  inactive: { label: 'Disabled', tone: 'neutral' },
  unhealthy: { label: 'Not well', tone: 'bad' },
  error: { label: 'Error', tone: 'bad' },
}

export const healthWords: Record<Plugin['health'], { label: string; tone: Tone }> = {
  healthy: { label: 'Healthy', tone: 'ok' },
  degraded: { label: 'With limits', tone: 'warn' },
  unhealthy: { label: 'Not well', tone: 'bad' },
  unknown: { label: 'Not heard of', tone: 'neutral' },
}

import { type Client, createClient } from '@holdfast/contracts/kit/client'
import { updateConfig } from '@holdfast/contracts/platform/config'
import { registerPlugin, sendHeartbeat, updatePluginConfig } from '@holdfast/contracts/platform/plugins'

/** A plugin that was well a moment ago and works with limits, one that nobody has heard of, and a configuration with a past. */
export async function fillPlugins(client: Client, baseUrl: string): Promise<void> {
  const { data } = await client.call(registerPlugin, {
    body: {
      name: 'Stock forecast',
      version: '2.1.0',
      description: 'Says which products will run out, and when.',
      scopes: ['records:read'],
      heartbeat_seconds: 86_400,
      traits: ['forecast'],
    },
  })
  const params = { id: data.plugin_id }
  await client.call(updatePluginConfig, { params, body: { horizon_days: 30, api_key: 'demo-key-of-nobody' } })
  const own = createClient({ baseUrl, headers: () => ({ authorization: `Bearer ${data.token}` }) })
  await own.call(sendHeartbeat, {
    params,
    body: { status: 'degraded', message: 'The weather service does not answer; forecasts are rough.' },
  })
  await client.call(registerPlugin, {
    body: { name: 'Address check', version: '0.9.0', description: 'Checks the addresses of customers.' },
  })
  const opening = { key: 'shop.opening_hours', value: { from: 9, to: 18 }, reason: 'As agreed with the team' }
  await client.call(updateConfig, { body: opening })
  await client.call(updateConfig, {
    body: { ...opening, value: { from: 8, to: 20 }, reason: 'Longer hours before the holidays' },
  })
}

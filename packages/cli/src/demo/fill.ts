import { createEndpointGroup, listEndpointGroups } from '@holdfast/contracts/builder/endpoint-groups'
import { createEndpoint, type EndpointMethod } from '@holdfast/contracts/builder/endpoints'
import { login } from '@holdfast/contracts/identity/auth'
import { listGroups } from '@holdfast/contracts/identity/groups'
import { createUser } from '@holdfast/contracts/identity/users'
import { type Client, createClient } from '@holdfast/contracts/kit/client'
import { createBackup } from '@holdfast/contracts/platform/backups'
import { fillAssistant } from './assistant.ts'
import { fillAutomations } from './automations.ts'
import { fillPlugins } from './plugins.ts'
import { createRandom } from './random.ts'
import { type DemoResource, demoGroups, demoResources, demoUsers } from './shop.ts'

const recordsPerRequest = 500
const publishedCount = 2
const demoPassword = 'Holdfast123!'

/**
 * Fills an empty system through its own API, as any client would. Does nothing when the example is there already. Answers
 * the endpoints that the demo's gateway publishes; none when they are there already.
 */
export async function fillDemo(
  baseUrl: string,
  administrator: { login: string; password: string },
): Promise<string[]> {
  const signedIn = await createClient({ baseUrl }).call(login, { body: administrator })
  if (!('accessToken' in signedIn.data))
    throw new Error('The demo’s administrator must be able to sign in by password.')
  const headers = { authorization: `Bearer ${signedIn.data.accessToken}` }
  const client = createClient({ baseUrl, headers: () => headers })
  const existing = await client.call(listEndpointGroups)
  if (existing.data.some(({ name }) => name === demoGroups[0]?.name)) return []

  await createPeople(client)
  const groupIds = new Map<string, string>()
  for (const group of demoGroups) {
    const created = await client.call(createEndpointGroup, { body: group })
    groupIds.set(group.name, created.data.id)
  }

  const random = createRandom(7)
  const endpointIds = new Map<string, string>()
  const recordIds = new Map<string, string[]>()
  for (const resource of demoResources) {
    const schema = resource.schema((path) => known(endpointIds, path))
    const groupId = known(groupIds, resource.group)
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const) {
      const created = await client.call(createEndpoint, {
        body: endpointBody(resource, method, groupId, schema),
      })
      if (method === 'GET') endpointIds.set(resource.path, created.data.id)
    }
    const records = resource.records(random, (path) => known(recordIds, path))
    recordIds.set(resource.path, await createRecords(`${baseUrl}${resource.path}`, headers, records))
  }
  await fillAutomations(client, known(groupIds, demoGroups[0]?.name ?? ''))
  await fillPlugins(client, baseUrl)
  await fillAssistant(client, baseUrl)
  await client.call(createBackup, { body: {} })
  return [...endpointIds.values()].slice(0, publishedCount)
}

function endpointBody(
  resource: DemoResource,
  method: EndpointMethod,
  groupId: string,
  schema: ReturnType<DemoResource['schema']>,
) {
  const verbs = { GET: 'List', POST: 'Create', PUT: 'Replace', PATCH: 'Change', DELETE: 'Delete' }
  return {
    name: `${verbs[method]} ${resource.name.toLowerCase()}`,
    description: resource.description,
    path: resource.path,
    method,
    groupId,
    schema,
    // Everybody may read what is public; writing always needs a session.
    accessType: method === 'GET' ? resource.accessType : ('authenticated' as const),
    ...(resource.path === '/api/readings' && { dataRetentionDays: 30 }),
  }
}

async function createPeople(client: Client): Promise<void> {
  const groups = await client.call(listGroups)
  for (const { group, ...person } of demoUsers) {
    const held = groups.data.find(({ name }) => name === group)
    if (held === undefined) throw new Error(`There is no group ${group}.`)
    await client.call(createUser, { body: { ...person, password: demoPassword, groupIds: [held.id] } })
  }
}

/** Creates records in bulk and answers their ids in the same order. */
async function createRecords(
  url: string,
  headers: Record<string, string>,
  records: readonly Record<string, unknown>[],
): Promise<string[]> {
  const ids: string[] = []
  for (let start = 0; start < records.length; start += recordsPerRequest) {
    const response = await fetch(url, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(records.slice(start, start + recordsPerRequest)),
    })
    const answer = (await response.json()) as { data?: { _id: string }[]; error?: string }
    if (!response.ok || answer.data === undefined)
      throw new Error(`${url}: ${answer.error ?? response.status}`)
    ids.push(...answer.data.map(({ _id }) => _id))
  }
  return ids
}

function known<T>(map: ReadonlyMap<string, T>, key: string): T {
  const value = map.get(key)
  if (value === undefined) throw new Error(`The demo names ${key} before it is made.`)
  return value
}

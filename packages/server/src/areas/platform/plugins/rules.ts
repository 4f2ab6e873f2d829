import type { ProblemDetail } from '@holdfast/contracts/kit/problem'
import type {
  PluginChange,
  PluginManifestInput,
  WholeManifest,
} from '@holdfast/contracts/platform/plugin-manifest'
import type { Plugin, PluginConfig, PluginHealth } from '@holdfast/contracts/platform/plugins'
import type { StoredPlugin } from './repo.ts'

/** The id of a plugin that names none: its name in lower-case letters, digits and dashes. May be empty. */
export function idFromName(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 63)
    .replace(/^-+|-+$/g, '')
}

const openManifest: WholeManifest = {
  description: '',
  contracts: [],
  traits: [],
  security: { authentication_required: true, data_classification: 'internal' },
  compliance: { hipaa_controls: [], audit_level: 'basic' },
  dependencies: [],
  allowed_domains: [],
  endpoints: [],
  health_check: null,
  heartbeat_seconds: 60,
  url: null,
  events: [],
  hooks: [],
  scopes: [],
  secret_keys: [],
}

/** What was given over what stands. */
export function manifestWith(
  given: Omit<PluginManifestInput, 'name' | 'version'> | PluginChange,
  before: WholeManifest = openManifest,
): WholeManifest {
  const known = Object.keys(openManifest)
  const entries = Object.entries(given).filter(([key, value]) => value !== undefined && known.includes(key))
  return { ...before, ...(Object.fromEntries(entries) as Partial<WholeManifest>) }
}

/** Every address of a manifest, with where it stands. */
export function addressesOf({ url, health_check: healthCheck, hooks }: WholeManifest) {
  return [
    { path: 'body.url', url },
    { path: 'body.health_check', url: healthCheck },
    ...hooks.map((hook, index) => ({ path: `body.hooks.${index}.url`, url: hook.url ?? null })),
  ].flatMap(({ path, url: address }) => (address === null ? [] : [{ path, url: address }]))
}

/** What is wrong in a manifest as a whole. */
export function contradictionsOf(manifest: WholeManifest): ProblemDetail[] {
  const { url, events, hooks, allowed_domains: domains } = manifest
  const details: ProblemDetail[] = []
  if (url === null && events.length > 0)
    details.push({ path: 'body.url', message: 'is needed: events are sent there' })
  hooks.forEach((hook, index) => {
    if (url === null && hook.when === 'after')
      details.push({ path: 'body.url', message: `is needed: hook ${index + 1} is sent there` })
    else if (url === null && hook.url === undefined)
      details.push({ path: `body.hooks.${index}.url`, message: 'is needed, here or for the whole plugin' })
  })
  if (domains.length === 0) return details
  for (const { path, url: address } of addressesOf(manifest)) {
    const host = URL.parse(address)?.hostname ?? ''
    if (!domains.some((domain) => host === domain || host.endsWith(`.${domain}`)))
      details.push({ path, message: 'must lie in one of the allowed domains' })
  }
  return details
}

/** Heartbeats that may be missed before a plugin counts as gone. */
const missedMax = 3

/** How a plugin is, now, and why when it is not well. */
export function healthOf(
  plugin: Pick<
    StoredPlugin,
    'manifest' | 'reported' | 'reportedMessage' | 'lastHeartbeatAt' | 'checkedAt' | 'checkError'
  >,
  nowMs: number,
): { health: PluginHealth; message: string | null } {
  const { manifest, reported, reportedMessage, lastHeartbeatAt, checkedAt, checkError } = plugin
  const silentMs = lastHeartbeatAt === null ? null : nowMs - Date.parse(lastHeartbeatAt)
  if (silentMs !== null && silentMs > missedMax * manifest.heartbeat_seconds * 1_000) {
    const message = `It has sent no heartbeat since ${lastHeartbeatAt}; one was expected every ${manifest.heartbeat_seconds} seconds.`
    return { health: 'unhealthy', message }
  }
  if (reported === 'unhealthy' || reported === 'error')
    return { health: 'unhealthy', message: reportedMessage ?? 'It says that it is not well.' }
  const isChecked = manifest.health_check !== null && checkedAt !== null
  if (isChecked && checkError !== null) return { health: 'unhealthy', message: checkError }
  if (reported === 'degraded')
    return { health: 'degraded', message: reportedMessage ?? 'It says that it works with limits.' }
  if (lastHeartbeatAt === null && !isChecked)
    return { health: 'unknown', message: 'It has sent no heartbeat yet.' }
  return { health: 'healthy', message: null }
}

/** One word for what people decided and how it is. */
export function statusOf(
  { state, reported }: Pick<StoredPlugin, 'state' | 'reported'>,
  health: PluginHealth,
): Plugin['status'] {
  if (state !== 'active' || health !== 'unhealthy') return state
  return reported === 'error' ? 'error' : 'unhealthy'
}

export function shownPlugin(plugin: StoredPlugin, nowMs: number): Plugin {
  const { health, message } = healthOf(plugin, nowMs)
  return {
    id: plugin.id,
    name: plugin.name,
    version: plugin.version,
    ...plugin.manifest,
    status: statusOf(plugin, health),
    health,
    health_message: message,
    last_heartbeat_at: plugin.lastHeartbeatAt,
    checked_at: plugin.checkedAt,
    has_token: plugin.tokenPrefix !== null,
    token_prefix: plugin.tokenPrefix,
    token_owner: plugin.tokenOwner,
    webhook_id: plugin.webhookId,
    config_version: plugin.configVersion,
    created_at: plugin.createdAt,
    updated_at: plugin.updatedAt,
  }
}

const secretName = /password|secret|token|credential|api_?key|private_?key|(^|[_.-])key$/i

export function isSecretKey(
  key: string,
  { secret_keys: named }: Pick<WholeManifest, 'secret_keys'>,
): boolean {
  return named.includes(key) || secretName.test(key)
}

/** For people: a secret is only said to be there. */
export function shownConfig(config: PluginConfig, manifest: WholeManifest): PluginConfig {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) =>
      isSecretKey(key, manifest) ? [`has_${key}`, true] : [key, value],
    ),
  )
}

/** What was given, with the secrets that it says to keep. Names those that are not there. */
export function mergedConfig(
  given: PluginConfig,
  stored: PluginConfig,
  manifest: WholeManifest,
): { config: PluginConfig; absent: string[] } {
  const config: PluginConfig = {}
  const absent: string[] = []
  for (const [key, value] of Object.entries(given)) {
    const kept = key.startsWith('has_') ? key.slice(4) : null
    if (kept === null || !isSecretKey(kept, manifest)) config[key] = value
    else if (value === true && !Object.hasOwn(given, kept)) {
      const secret = stored[kept]
      if (secret === undefined) absent.push(key)
      else config[kept] = secret
    }
  }
  return { config, absent }
}

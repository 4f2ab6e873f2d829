import { type HookOperation, hookOperations } from '@holdfast/contracts/platform/plugin-manifest'
import type { StoredPlugin } from '../repo.ts'

/** What is asked before a change of records. */
export interface BeforeHook {
  pluginId: string
  url: string
  timeoutMs: number
  onFailure: 'open' | 'closed'
  secretSealed: string
}

export interface HooksOfOperation {
  /** In the order of their plugins' ids, and then of the manifest. */
  before: readonly BeforeHook[]
  /** Ids of the plugins that are told afterwards. */
  after: readonly string[]
}

export type HookTable = ReadonlyMap<string, Readonly<Record<HookOperation, HooksOfOperation>>>

/** The hooks of active plugins, by the path of the endpoint. Null when there are none: the usual case must cost nothing. */
export function hookTableOf(plugins: readonly StoredPlugin[]): HookTable | null {
  const active = plugins.filter(({ state }) => state === 'active')
  const paths = new Set(active.flatMap(({ manifest }) => manifest.hooks.map(({ endpoint }) => endpoint)))
  if (paths.size === 0) return null
  return new Map([...paths].map((path) => [path, byOperation(active, path)]))
}

function byOperation(plugins: readonly StoredPlugin[], path: string) {
  const of = (operation: HookOperation): HooksOfOperation => {
    const wanted = plugins.flatMap((plugin) =>
      plugin.manifest.hooks
        .filter((hook) => hook.endpoint === path && hook.operations.includes(operation))
        .map((hook) => ({ plugin, hook })),
    )
    return {
      before: wanted.flatMap(({ plugin, hook }) => {
        const url = hook.url ?? plugin.manifest.url
        if (hook.when !== 'before' || url === null) return []
        const { id: pluginId, secretSealed } = plugin
        return [{ pluginId, url, timeoutMs: hook.timeout_ms, onFailure: hook.on_failure, secretSealed }]
      }),
      after: [...new Set(wanted.filter(({ hook }) => hook.when === 'after').map(({ plugin }) => plugin.id))],
    }
  }
  const [create, update, remove] = hookOperations
  return { [create]: of(create), [update]: of(update), [remove]: of(remove) }
}

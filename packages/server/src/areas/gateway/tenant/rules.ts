import { isDeepStrictEqual } from 'node:util'
import type { Settings, SettingsChange } from '@holdfast/contracts/gateway/tenants'

/** What holds for a tenant that has set nothing. */
export const settingsDefault: Settings = {
  tiers: { free: 100, authenticated: 500, premium: 5_000, unlimited: null },
  anonymousPerMinute: 100,
  bodySizeBytesMax: 10 * 1024 * 1024,
  addresses: null,
}

/** The settings with what `change` names. */
export function settingsAfter(before: Settings, change: SettingsChange): Settings {
  const { tiers, ...rest } = change
  return {
    ...before,
    ...withoutUndefined(rest),
    tiers: { ...before.tiers, ...withoutUndefined(tiers ?? {}) },
  }
}

/** Which top-level settings differ. */
export function changedSettings(before: Settings, after: Settings): (keyof Settings)[] {
  return (Object.keys(before) as (keyof Settings)[]).filter(
    (name) => !isDeepStrictEqual(before[name], after[name]),
  )
}

function withoutUndefined<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}

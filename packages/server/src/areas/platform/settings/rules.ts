import { problem } from '@holdfast/contracts/problems'
import { isDeepStrictEqual } from 'node:util'
import {
  type SettingName,
  type SettingsChange,
  type SettingValues,
  settingCatalogue,
  settingDefaults,
  settingNames,
} from '@holdfast/contracts/platform/settings'
import type { StoredValue } from './stored.ts'

export interface SettingChange {
  name: SettingName
  from: unknown
  to: unknown
}

/**
 * The settings in force for these stored values. A stored value that the catalogue no longer accepts (an older or newer
 * program wrote it) falls back to its default and is named in `refused`; one that is unknown is left alone. `overrides`
 * are in force whatever is stored.
 */
export function settingsInForce(
  stored: ReadonlyMap<string, unknown>,
  overrides: SettingsChange = {},
): { values: SettingValues; refused: SettingName[] } {
  const values: Record<string, unknown> = { ...settingDefaults }
  const refused: SettingName[] = []
  for (const name of settingNames) {
    if (!stored.has(name)) continue
    const parsed = settingCatalogue[name].schema.safeParse(stored.get(name))
    if (parsed.success) values[name] = parsed.data
    else refused.push(name)
  }
  return { values: { ...values, ...overrides } as SettingValues, refused }
}

/** What `change` alters of `before`; saying the same again is no change. */
export function settingChanges(before: SettingValues, change: SettingsChange): SettingChange[] {
  return settingNames
    .filter((name) => change[name] !== undefined && change[name] !== before[name])
    .map((name) => ({ name, from: before[name], to: change[name] }))
}

export function isSettingName(key: string): key is SettingName {
  return settingNames.some((name) => name === key)
}

/** What can be read of stored values: settings are never sealed. */
export function readableValues(stored: ReadonlyMap<string, StoredValue>): Map<string, unknown> {
  return new Map([...stored].flatMap(([key, { value, sealed }]) => (sealed === null ? [[key, value]] : [])))
}

/** A sealed value is never the same again: nobody can tell without opening it. */
export function sameStored(one: StoredValue | null, other: StoredValue | null): boolean {
  if (one === null || other === null) return one === other
  if (one.sealed !== null || other.sealed !== null) return one.sealed === other.sealed
  return isDeepStrictEqual(one.value, other.value)
}

/** The refusal of a change of what the environment sets. */
export function setByEnvironment(key: string, variable = 'HOLDFAST_SETTINGS') {
  return problem('config.set_by_environment', {
    sentence: `${key} is set by the environment of the server, and cannot be changed here. Change ${variable} where the server is started, and start it again.`,
  })
}

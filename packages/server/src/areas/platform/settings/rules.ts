import {
  type SettingName,
  type SettingsChange,
  type SettingValues,
  settingCatalogue,
  settingDefaults,
  settingNames,
} from '@holdfast/contracts/platform/settings'

export interface SettingChange {
  name: SettingName
  from: unknown
  to: unknown
}

/**
 * The settings in force for these stored values. A stored value that the catalogue no longer accepts (an older or newer
 * program wrote it) falls back to its default and is named in `refused`; one that is unknown is left alone.
 */
export function settingsInForce(stored: ReadonlyMap<string, unknown>): {
  values: SettingValues
  refused: SettingName[]
} {
  const values: Record<string, unknown> = { ...settingDefaults }
  const refused: SettingName[] = []
  for (const name of settingNames) {
    if (!stored.has(name)) continue
    const parsed = settingCatalogue[name].schema.safeParse(stored.get(name))
    if (parsed.success) values[name] = parsed.data
    else refused.push(name)
  }
  return { values: values as SettingValues, refused }
}

/** What `change` alters of `before`; saying the same again is no change. */
export function settingChanges(before: SettingValues, change: SettingsChange): SettingChange[] {
  return settingNames
    .filter((name) => change[name] !== undefined && change[name] !== before[name])
    .map((name) => ({ name, from: before[name], to: change[name] }))
}

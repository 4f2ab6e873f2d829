import type { ConfigEntry, ConfigHistoryEntry, ConfigValue } from '@holdfast/contracts/platform/config'
import {
  type SettingsChange,
  type SettingValues,
  settingCatalogue,
} from '@holdfast/contracts/platform/settings'
import type { Config } from '../../../config.ts'
import type { HistoryRow, StoredValue } from '../settings/stored.ts'
import { isSettingName } from '../settings/rules.ts'

/** What a key is made of before it is shown. */
interface EntryFacts {
  key: string
  stored: StoredValue | undefined
  last: HistoryRow | undefined
}

/** Variables that say where programs lie, not how the product behaves. */
const notShown = new Set(['PATH', 'HOME', 'XDG_DATA_HOME', 'HOLDFAST_SETTINGS'])
/** Variables that hold a secret, or an address that may hold one. */
const sensitiveName = /KEY|SECRET|PASSWORD|DATABASE_URL|SMTP_URL|AUDIT_SHIP/

/** A variable of the server's environment as a key of the configuration; its secrets are never shown. */
export interface EnvironmentKey {
  key: string
  value: ConfigValue
  isSet: boolean
  isSensitive: boolean
  description: string
}

/** `definitions` are the settings of the server; `config` is what it was started with. */
export function environmentKeys(
  definitions: Readonly<Record<string, { describe: string; parse(text: undefined): unknown }>>,
  config: Config,
): EnvironmentKey[] {
  const values = new Map<string, unknown>(Object.entries(config))
  return Object.entries(definitions)
    .filter(([key]) => !notShown.has(key))
    .map(([key, definition]) => {
      const value = jsonOf(values.get(key))
      const isSensitive = sensitiveName.test(key)
      return {
        key,
        value: isSensitive ? null : value,
        isSet: JSON.stringify(value) !== JSON.stringify(jsonOf(definition.parse(undefined))),
        isSensitive,
        description: definition.describe,
      }
    })
}

function jsonOf(value: unknown): ConfigValue {
  return JSON.parse(JSON.stringify(value instanceof URL ? value.href : (value ?? null))) as ConfigValue
}

export function environmentEntry({
  key,
  value,
  isSet,
  isSensitive,
  description,
}: EnvironmentKey): ConfigEntry {
  return {
    key,
    value,
    has_value: isSet || value !== null,
    is_sensitive: isSensitive,
    source: isSet ? 'environment' : 'default',
    kind: 'environment',
    scope: 'global',
    description,
    version: 0,
    updated_at: null,
    updated_by: null,
    reason: null,
  }
}

/** A setting, or a free key. A setting shows the value in force, which the environment may have set. */
export function storedEntry(
  { key, stored, last }: EntryFacts,
  inForce: SettingValues,
  overrides: SettingsChange,
): ConfigEntry {
  const isSetting = isSettingName(key)
  const isOverridden = isSetting && overrides[key] !== undefined
  const source = stored === undefined ? 'default' : 'stored'
  return {
    key,
    value: isSetting ? inForce[key] : stored === undefined ? null : shownValue(stored),
    has_value: isSetting || stored !== undefined,
    is_sensitive: stored?.isSensitive ?? false,
    source: isOverridden ? 'environment' : source,
    kind: isSetting ? 'setting' : 'free',
    scope: 'global',
    description: isSetting ? settingCatalogue[key].describe : '',
    version: last?.version ?? 0,
    updated_at: last?.at ?? null,
    updated_by: last?.changedByName ?? null,
    reason: last?.reason ?? null,
  }
}

/** Values by key; a secret is only said to be there. */
export function documentOf(entries: readonly ConfigEntry[]): Record<string, ConfigValue> {
  return Object.fromEntries(
    entries.map(({ key, value, is_sensitive: isSensitive, has_value: hasValue }) =>
      isSensitive ? [`has_${key}`, hasValue] : [key, value],
    ),
  )
}

export function shownChange(row: HistoryRow): ConfigHistoryEntry {
  return {
    version: row.version,
    key: row.key,
    old: row.from && shownValue(row.from),
    new: row.to && shownValue(row.to),
    is_sensitive: row.isSensitive,
    changed_by: row.changedByName,
    changed_by_id: row.changedBy,
    reason: row.reason,
    at: row.at,
  }
}

function shownValue({ sealed, value }: StoredValue): ConfigValue {
  return sealed === null ? (value as ConfigValue) : null
}

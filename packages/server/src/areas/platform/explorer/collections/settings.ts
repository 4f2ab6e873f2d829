import {
  type SettingName,
  settingCatalogue,
  settingDefaults,
  settingNames,
  SettingsChange,
} from '@holdfast/contracts/platform/settings'
import { z } from 'zod'
import type { Context } from '../../../../context.ts'
import type { Settings } from '../../settings/service.ts'
import type { DocumentCollection } from '../collection.ts'
import { pageOf, readDocument } from '../documents.ts'

const keyed = z.object({ key: z.enum(settingNames) })

/** Platform settings as key and value. All of them always exist: creating one sets it, deleting one restores its default. */
export function createSettingDocuments(settings: Pick<Settings, 'current' | 'update'>): DocumentCollection {
  const documentOf = (key: SettingName) => ({
    _id: key,
    id: key,
    key,
    value: settings.current()[key],
    default: settingDefaults[key],
    description: settingCatalogue[key].describe,
  })
  const isName = (id: string): id is SettingName => (settingNames as string[]).includes(id)

  async function set(ctx: Context, key: SettingName, { value }: Record<string, unknown>): Promise<void> {
    const schema: z.ZodType = settingCatalogue[key].schema
    const { value: accepted } = readDocument(z.object({ value: schema }), { value })
    await settings.update(ctx, SettingsChange.parse({ [key]: accepted }))
  }

  return {
    label: 'System settings',
    description: 'Platform settings. Deleting one restores its default.',
    writers: [],
    operations: ['create', 'update', 'delete'],
    count: async () => settingNames.length,
    list: async (_ctx, query) => pageOf(settingNames.map(documentOf), query, ['key', 'description']),
    find: async (_ctx, id) => (isName(id) ? documentOf(id) : null),
    async create(ctx, body) {
      const { key } = readDocument(keyed, body)
      await set(ctx, key, body)
      return key
    },
    async update(ctx, id, body) {
      if (isName(id)) await set(ctx, id, body)
    },
    async remove(ctx, id) {
      if (isName(id)) await settings.update(ctx, { [id]: settingDefaults[id] })
    },
  }
}

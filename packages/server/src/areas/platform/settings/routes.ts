import { success } from '@holdfast/contracts/kit/answer'
import { getSettings, type SettingValues, updateSettings } from '@holdfast/contracts/platform/settings'
import type { Context } from '../../../context.ts'
import { type BoundRoute, handle } from '../../../http/handle.ts'
import { productVersion } from '../../../version.ts'
import type { Activity } from '../activity/service.ts'
import type { Settings } from './service.ts'

export function bindSettings(
  settings: Pick<Settings, 'current' | 'update'>,
  activity: Pick<Activity, 'count'>,
): BoundRoute[] {
  const answer = async (ctx: Context, values: SettingValues) =>
    success({ settings: { ...values, version: productVersion }, logsCount: await activity.count(ctx) })
  return [
    handle(getSettings, (ctx) => answer(ctx, settings.current())),
    handle(updateSettings, async (ctx, { body }) => answer(ctx, await settings.update(ctx, body))),
  ]
}

import { success } from '@holdfast/contracts/kit/answer'
import {
  getConfig,
  getConfigKey,
  listConfigHistory,
  rollbackConfig,
  updateConfig,
} from '@holdfast/contracts/platform/config'
import { type BoundRoute, handle } from '../../../http/handle.ts'
import type { Configuration, ConfigurationDocument, KeyChange } from './service.ts'

export function bindConfiguration(configuration: Configuration): BoundRoute[] {
  return [
    handle(getConfig, async (ctx) => answerOf(await configuration.document(ctx))),
    handle(updateConfig, async (ctx, { body }) => {
      const { key, value, is_sensitive: isSensitive, reason, ...document } = body
      const changes: KeyChange[] =
        key === undefined ? changesOf(document) : [{ key, value: value ?? null, isSensitive }]
      const version = await configuration.change(ctx, changes, reason ?? null)
      const answer = answerOf(await configuration.document(ctx))
      return { ...answer, status: 'ok' as const, key: key ?? null, version }
    }),
    handle(getConfigKey, async (ctx, { params }) => success(await configuration.get(ctx, params.key))),
    handle(listConfigHistory, async (ctx, { params, query: { limit, cursor } }) => {
      const { rows, next } = await configuration.history(ctx, params.key, { limit, before: cursor ?? null })
      return { ...success(rows), next_cursor: next === null ? null : String(next) }
    }),
    handle(rollbackConfig, async (ctx, { params, body }) =>
      success(await configuration.rollback(ctx, params.key, body.version, body.reason ?? null)),
    ),
  ]
}

/** A document may come back as it was shown, with what says that there is a secret. */
function changesOf(document: Record<string, KeyChange['value']>): KeyChange[] {
  return Object.entries(document)
    .filter(([key]) => !key.startsWith('has_'))
    .map(([key, value]) => ({ key, value }))
}

function answerOf({ version, values, entries }: ConfigurationDocument) {
  return { ...success(values), meta: { version, entries } }
}

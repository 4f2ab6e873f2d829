import { deleteSecret, listSecrets, saveSecret } from '@holdfast/contracts/builder/code'
import { done, success } from '@holdfast/contracts/kit/answer'
import { type BoundRoute, handle } from '../../../../http/handle.ts'
import type { Secrets } from './service.ts'

export function bindSecrets(secrets: Secrets): BoundRoute[] {
  return [
    handle(listSecrets, async (ctx) => success(await secrets.list(ctx))),
    handle(saveSecret, async (ctx, { params, body }) => success(await secrets.save(ctx, params.name, body))),
    handle(deleteSecret, async (ctx, { params }) => {
      await secrets.remove(ctx, params.name)
      return done('Secret deleted')
    }),
  ]
}

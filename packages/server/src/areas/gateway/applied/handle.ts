import type { RouteAnswer, RouteInput, RouteShape } from '@holdfast/contracts/kit/route'
import type { Context } from '../../../context.ts'
import { type BoundRoute, handle, Reply } from '../../../http/handle.ts'
import type { Written } from '../writes/service.ts'
import type { Applied } from './service.ts'
import { waitPreference } from './preference.ts'

export type HandleChange = ReturnType<typeof createHandleChange>

/**
 * Binds routes that change a tenant's configuration. The answer says which revision has the change; when the client asked
 * to wait, it comes once every connected gateway has it, or with how many of them have when the time is over. The
 * change stands either way.
 */
export function createHandleChange(applied: Pick<Applied, 'wait'>) {
  return function handleChange<R extends RouteShape>(
    route: R,
    change: (ctx: Context, input: RouteInput<R>) => Promise<Written<RouteAnswer<R>>>,
  ): BoundRoute {
    return handle<R>(route, async (ctx, input, request) => {
      const { value, revision } = await change(ctx, input)
      const headers: Record<string, string> = { 'x-config-revision': String(revision) }
      const { wait } = (input.query ?? {}) as { wait?: 'applied' }
      const preference = waitPreference(wait, request.headers.prefer)
      if (preference !== null && ctx.organizationId !== null) {
        const timeoutMs = preference.seconds * 1_000
        const standing = await applied.wait(ctx, ctx.organizationId, revision, timeoutMs)
        headers['x-config-applied'] = `${standing.applied}/${standing.connected}`
        if (preference.applied !== null) headers['preference-applied'] = preference.applied
      }
      return new Reply(value, { headers })
    })
  }
}

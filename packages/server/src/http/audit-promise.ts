import type { RouteShape } from '@holdfast/contracts/kit/route'
import type { Context } from '../context.ts'

/** A mutation that changed something without its audit row is a defect of ours, and must not pass unnoticed. */
export function checkAudited(route: RouteShape, ctx: Context): void {
  const promised = ctx.audit.isDue === false ? 0 : 1
  if (typeof route.audit === 'string' && ctx.audit.appended !== promised) {
    throw new Error(`${route.id} promises ${promised} audit entries and wrote ${ctx.audit.appended}.`)
  }
}

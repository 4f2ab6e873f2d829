import { closeSqlAccess, getSqlAccess, openSqlAccess } from '@holdfast/contracts/builder/sql-access'
import { done, success } from '@holdfast/contracts/kit/answer'
import { type BoundRoute, handle } from '../../../http/handle.ts'
import type { SqlAccessService } from './service.ts'

export function bindSqlAccess(access: SqlAccessService): BoundRoute[] {
  return [
    handle(getSqlAccess, async (ctx) => success(await access.get(ctx))),
    handle(openSqlAccess, async (ctx) => success(await access.open(ctx))),
    handle(closeSqlAccess, async (ctx) => {
      await access.close(ctx)
      return done('Records can no longer be read with SQL')
    }),
  ]
}

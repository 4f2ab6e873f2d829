import { applyDocument } from '@holdfast/contracts/gateway/apply'
import { importOpenApi } from '@holdfast/contracts/gateway/openapi-import'
import type { BoundRoute } from '../../../http/handle.ts'
import type { HandleChange } from '../applied/handle.ts'
import type { OpenApiImports } from '../import/service.ts'
import type { Apply } from './service.ts'

export function bindApply(apply: Apply, imports: OpenApiImports, change: HandleChange): BoundRoute[] {
  return [
    change(applyDocument, (ctx, { query, body }) =>
      apply.apply(ctx, body, { dryRun: query.dryRun === 'true', mode: 'whole' }),
    ),
    change(importOpenApi, (ctx, { query, body }) => imports.import(ctx, body, query.dryRun === 'true')),
  ]
}

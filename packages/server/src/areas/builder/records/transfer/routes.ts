import { exportRecords, importRecords, listImportRefusals } from '@holdfast/contracts/builder/records'
import { success } from '@holdfast/contracts/kit/answer'
import { type BoundRoute, handle } from '../../../../http/handle.ts'
import type { Exports } from './exports.ts'
import type { Imports } from './imports.ts'

export function bindTransfers({ imports, exports }: { imports: Imports; exports: Exports }): BoundRoute[] {
  return [
    handle(importRecords, async (ctx, { params, body }) =>
      success(await imports.start(ctx, params.id, body)),
    ),
    handle(exportRecords, async (ctx, { params, query }) => {
      const { format, ...filters } = query
      return exports.open(ctx, params.id, format, queryText(filters))
    }),
    handle(listImportRefusals, async (ctx, { params }) => ({
      contentType: 'application/x-ndjson',
      fileName: 'refused.ndjson',
      body: await imports.refusals(ctx, params.id, params.importId),
    })),
  ]
}

/** The filters as they came: the list's own reader checks them. */
function queryText(filters: Readonly<Record<string, unknown>>): string {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(filters)) {
    for (const one of Array.isArray(value) ? value : [value]) parameters.append(name, String(one))
  }
  return parameters.toString()
}

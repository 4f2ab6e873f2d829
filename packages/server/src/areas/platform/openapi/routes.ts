import { getOpenApi, openSwagger } from '@holdfast/contracts/platform/openapi'
import type { Actor } from '../../../context.ts'
import { type BoundRoute, handle, Reply } from '../../../http/handle.ts'

/** The description as this reader may see it. */
export type DescribeApi = (actor: Actor) => { document: { openapi: string }; etag: string }

/** Where the console shows the description. */
const referencePage = '/build/reference'

export function bindOpenApi(describe: DescribeApi): BoundRoute[] {
  return [
    handle(getOpenApi, async ({ actor }, _input, request) => {
      const { document, etag } = describe(actor)
      const vary = 'Authorization, Cookie, X-API-Key'
      const headers = { etag, vary, 'cache-control': 'private, no-cache' }
      const known =
        request.headers['if-none-match']?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? []
      if (known.includes(etag) || known.includes('*')) return new Reply(undefined, { status: 304, headers })
      return new Reply(document, { status: 200, headers })
    }),
    handle(openSwagger, async () => new Reply(undefined, { headers: { location: referencePage } })),
  ]
}

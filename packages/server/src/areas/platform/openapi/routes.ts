import { getOpenApi } from '@holdfast/contracts/platform/openapi'
import { allRoutes } from '@holdfast/contracts/routes'
import { createHash } from 'node:crypto'
import { type BoundRoute, handle, Reply } from '../../../http/handle.ts'
import { openApiDocument } from '../../../http/openapi.ts'
import { productVersion } from '../../../version.ts'

/** Derived once, when somebody first asks: most servers are never asked. */
export function bindOpenApi(): BoundRoute[] {
  let derived: { document: { openapi: string }; etag: string } | undefined
  const derive = () => {
    const document = openApiDocument(allRoutes, productVersion)
    const hash = createHash('sha256').update(JSON.stringify(document)).digest('base64url').slice(0, 22)
    return { document, etag: `"${hash}"` }
  }
  return [
    handle(getOpenApi, async (_ctx, _input, request) => {
      const { document, etag } = (derived ??= derive())
      const headers = { etag, 'cache-control': 'no-cache' }
      const known =
        request.headers['if-none-match']?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? []
      if (known.includes(etag) || known.includes('*')) return new Reply(undefined, { status: 304, headers })
      return new Reply(document, { status: 200, headers })
    }),
  ]
}

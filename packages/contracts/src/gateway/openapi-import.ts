import { z } from 'zod'
import { route } from '../kit/route.ts'
import { Applied, ApplyQuery } from './apply.ts'
import { TargetUrl } from './policies.ts'
import { TenantParams } from './shared.ts'

export const openApiBytesMax = 5 * 1024 * 1024

const ImportBody = z.object({
  document: z
    .string()
    .min(1, 'must not be empty')
    .max(openApiBytesMax)
    .meta({ description: 'An OpenAPI document of version 3.0 or 3.1, as JSON or YAML.' }),
  /** Of the service; default: the title of the document. */
  serviceName: z.string().trim().min(1, 'must not be empty').max(120).optional(),
  /** Where the service is; default: the first of the document's servers. */
  targetUrl: TargetUrl.optional(),
})
export type OpenApiImport = z.output<typeof ImportBody>

export const importOpenApi = route({
  id: 'gateway.importOpenApi',
  method: 'POST',
  path: '/api/tenants/{tenantId}/import/openapi',
  summary: 'Make a service and its routes from an OpenAPI document; what is there already stays as it is',
  access: { organization: 'member' },
  audit: 'gateway.openapi_imported',
  params: TenantParams,
  query: ApplyQuery,
  body: ImportBody,
  bodySizeBytesMax: 12 * 1024 * 1024,
  answers: { 200: Applied },
  problems: ['gateway.document_invalid', 'gateway.limit_reached'],
})

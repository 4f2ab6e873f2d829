import { z } from 'zod'
import { route } from '../kit/route.ts'
import { ConsumerBody, ConsumerWithKey } from './consumers.ts'
import { routeFields } from './routes.ts'
import { ServiceBody } from './services.ts'
import { TenantParams, tenantItemsMax, WaitQuery } from './shared.ts'
import { SettingsChangeBody } from './tenants.ts'

/**
 * A tenant's configuration as a document. Services and consumers are known by their name, routes by method, host and
 * pattern. A list that is there is the whole: what it leaves out is deleted or revoked. A list that is not there is left
 * alone, and so are routes that publish an endpoint.
 */
export const GatewayDocument = z.object({
  services: z.array(ServiceBody).max(tenantItemsMax).optional(),
  routes: z
    .array(
      z.object({
        ...routeFields,
        service: z
          .string()
          .trim()
          .min(1)
          .max(120)
          .meta({ description: 'The name of a service, of the document or of the tenant.' }),
      }),
    )
    .max(tenantItemsMax)
    .optional(),
  consumers: z.array(ConsumerBody).max(tenantItemsMax).optional(),
  settings: SettingsChangeBody.optional(),
})
export type GatewayDocument = z.output<typeof GatewayDocument>

export const Difference = z
  .object({
    action: z.enum(['create', 'update', 'delete']),
    kind: z.enum(['service', 'route', 'consumer', 'settings']),
    /** The name of a service or consumer; `GET api.example.com/users/:id` of a route. */
    name: z.string(),
    /** What an update alters. */
    fields: z.array(z.string()),
  })
  .meta({ id: 'GatewayDifference' })
export type Difference = z.output<typeof Difference>

export const Applied = z
  .object({
    dryRun: z.boolean(),
    /** The revision that has it; of a dry run, the one that was compared with. */
    revision: z.int(),
    differences: z.array(Difference),
    /** Those that were created, with the keys that are shown this once. */
    consumers: z.array(ConsumerWithKey),
    /** What could not be taken over exactly. */
    warnings: z.array(z.string()),
  })
  .meta({ id: 'GatewayApplied' })
export type Applied = z.output<typeof Applied>

export const ApplyQuery = WaitQuery.extend({
  dryRun: z
    .enum(['true', 'false'])
    .default('false')
    .meta({ description: 'Answer the differences and change nothing.' }),
})

export const applyDocument = route({
  id: 'gateway.apply',
  method: 'POST',
  path: '/api/tenants/{tenantId}/apply',
  summary: 'Make the configuration of a tenant what a document says, in one revision',
  access: { organization: 'admin' },
  audit: 'gateway.applied',
  params: TenantParams,
  query: ApplyQuery,
  body: GatewayDocument,
  bodySizeBytesMax: 32 * 1024 * 1024,
  answers: { 200: Applied },
  problems: ['gateway.document_invalid', 'gateway_services.targets_conflict', 'gateway.limit_reached'],
})

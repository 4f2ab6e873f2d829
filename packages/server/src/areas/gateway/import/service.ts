import type { Applied, GatewayDocument } from '@holdfast/contracts/gateway/apply'
import type { OpenApiImport } from '@holdfast/contracts/gateway/openapi-import'
import { TargetUrl } from '@holdfast/contracts/gateway/policies'
import { routeFields } from '@holdfast/contracts/gateway/routes'
import { ServiceBody } from '@holdfast/contracts/gateway/services'
import { problem } from '@holdfast/contracts/problems'
import { z } from 'zod'
import type { Context } from '../../../context.ts'
import type { Held } from '../apply/plan.ts'
import type { Apply } from '../apply/service.ts'
import type { Written } from '../writes/service.ts'
import type { ReadOpenApi } from './openapi.ts'

/**
 * Imports an OpenAPI document: one service, and a route for each path and method. What is there already stays as somebody
 * set it, so that importing again adds what is new and nothing else.
 */
export interface OpenApiImports {
  /** Throws gateway.document_invalid, gateway.limit_reached. */
  import(ctx: Context, input: OpenApiImport, dryRun: boolean): Promise<Written<Applied>>
}

interface Needs {
  apply: Pick<Apply, 'apply'>
  read: (text: string) => Promise<ReadOpenApi>
}

const RouteFields = z.object(routeFields)

export function createOpenApiImports({ apply, read }: Needs): OpenApiImports {
  return {
    async import(ctx, input, dryRun) {
      const found = await read(input.document)
      const service = input.serviceName ?? found.title
      const document: GatewayDocument = {
        services: [ServiceBody.parse({ name: service, targetUrl: targetOf(input, found) })],
        routes: found.operations.map((operation) => ({ ...RouteFields.parse(operation), service })),
      }
      const warnings = (held: Held) => [...found.warnings, ...unheardAddress(held, service, input)]
      return apply.apply(ctx, document, { dryRun, mode: 'addition', warnings })
    },
  }
}

/** Somebody who types an address means it, and what is there stays as it is: that has to be said. */
function unheardAddress({ services }: Held, name: string, { targetUrl }: OpenApiImport): string[] {
  const known = services.find((service) => service.name === name)
  if (targetUrl === undefined || known === undefined) return []
  if (known.targets.some(({ url }) => url === targetUrl)) return []
  return [
    `The service ${name} is there already and stays at ${known.targets[0]?.url ?? ''}: the address ${targetUrl} is not used. Change the service, or give another name.`,
  ]
}

/** Throws gateway.document_invalid. */
function targetOf({ targetUrl }: OpenApiImport, { serverUrl }: ReadOpenApi): string {
  const text = targetUrl ?? serverUrl
  const result = text === null ? undefined : TargetUrl.safeParse(text)
  if (result?.success === true) return result.data
  const sentence =
    text === null
      ? 'The document names no server with an absolute address. Send targetUrl: where is the service?'
      : `The document's first server cannot be used: it ${result?.error.issues[0]?.message ?? ''}. Send targetUrl.`
  throw problem('gateway.document_invalid', {
    sentence,
    details: [
      {
        path: 'body.targetUrl',
        message: 'is needed, because the document does not say where the service is',
      },
    ],
  })
}

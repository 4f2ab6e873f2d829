import type { ProblemDetail } from '@holdfast/contracts/kit/problem'
import { problem } from '@holdfast/contracts/problems'
import { isUpload, type Upload, type UploadedBody } from '@holdfast/contracts/kit/media'
import type { RouteInput, RouteShape } from '@holdfast/contracts/kit/route'
import type { z } from 'zod'
import { fieldMessage } from './field-messages.ts'
import { unstorableText } from './storable-text.ts'

export interface RawInput {
  params: unknown
  query: unknown
  body: unknown
  contentType: string | undefined
  sizeBytes: number | null
}

/** Parses everything a route declares and reports every bad field at once, each with its path. */
export function validate(route: RouteShape, raw: RawInput): RouteInput<RouteShape> {
  const details: ProblemDetail[] = []
  const parse = (part: string, schema: z.ZodType | undefined, value: unknown): unknown => {
    if (schema === undefined) return undefined
    details.push(...unstorableText(value, part))
    const result = schema.safeParse(value ?? {}, { error: fieldMessage })
    if (result.success) return result.data
    details.push(
      ...result.error.issues.map((issue) => ({
        path: [part, ...issue.path.map(String)].join('.'),
        message: issue.message,
      })),
    )
    return undefined
  }
  const params = parse('params', route.params, raw.params)
  const query = parse('query', route.query, raw.query)
  const body = isUpload(route.body)
    ? uploaded(route.body, raw)
    : parse('body', jsonSchema(route, raw), raw.body)
  if (details.length > 0) throw problem('request.invalid', { details, sentence: sentenceOf(details) })
  return { params, query, body } as RouteInput<RouteShape>
}

/** One bad field is said in the sentence itself; several are counted. */
function sentenceOf(details: ProblemDetail[]): string {
  const [first] = details
  if (first === undefined || details.length > 1)
    return `${details.length} fields are not valid. See details for each.`
  return `The field ${first.path.replace(/^(body|query|params)\./, '')} is not valid: ${first.message}.`
}

function jsonSchema(route: RouteShape, raw: RawInput): z.ZodType | undefined {
  if (route.body === undefined || isUpload(route.body)) return undefined
  if (raw.body !== undefined && raw.contentType !== 'application/json')
    throw problem('request.type_unsupported')
  return route.body
}

function uploaded(accepts: Upload, raw: RawInput): UploadedBody {
  if (raw.contentType === undefined || !accepts.upload.includes(raw.contentType)) {
    throw problem('request.type_unsupported', { sentence: `Send one of: ${accepts.upload.join(', ')}.` })
  }
  return {
    contentType: raw.contentType,
    sizeBytes: raw.sizeBytes,
    body: raw.body as AsyncIterable<Uint8Array>,
  }
}

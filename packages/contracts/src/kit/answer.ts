import { z } from 'zod'

/** `{ success: true, data }`: the answer of reference 000 and of the shared routes. */
export function ok<S extends z.ZodType>(data: S) {
  return z.object({ success: z.literal(true), data })
}

/** `{ success: true, message }`: what a delete answers in reference 000. */
export const Done = z.object({ success: z.literal(true), message: z.string() }).meta({ id: 'Done' })

/** Wraps a value for `ok()`. */
export function success<T>(data: T): { success: true; data: T } {
  return { success: true, data }
}

/** The answer for `Done`. */
export function done(message: string): { success: true; message: string } {
  return { success: true, message }
}

/** `page` and `limit` as query parameters. `limitMax` bounds what one request can ask for. */
export function pageQuery(limitDefault = 20, limitMax = 200) {
  return z.object({
    page: z.coerce.number().int().min(1).max(1_000_000).default(1),
    limit: z.coerce.number().int().min(1).max(limitMax).default(limitDefault),
  })
}

/** As `pageQuery`, for lists whose page size is a setting: without a limit, the setting's. */
export function settledPageQuery(setting: string, limitMax = 200) {
  return pageQuery(20, limitMax).extend({
    limit: z.coerce
      .number()
      .int()
      .min(1)
      .max(limitMax)
      .optional()
      .describe(`Without it, the setting \`${setting}\`.`),
  })
}

export const PageMeta = z.object({ page: z.int(), limit: z.int(), total: z.int() }).meta({ id: 'PageMeta' })

/** `{ success, data: [item], meta: { page, limit, total } }`. */
export function page<S extends z.ZodType>(item: S) {
  return z.object({ success: z.literal(true), data: z.array(item), meta: PageMeta })
}

/** `{ data: [item], total, limit, offset }`: the lists of reference 004. */
export function offsetPage<S extends z.ZodType>(item: S) {
  return z.object({ data: z.array(item), total: z.int(), limit: z.int(), offset: z.int() })
}

/** RFC 3339 instant in UTC with milliseconds, as every answer carries it. */
export const Timestamp = z.iso.datetime().meta({ description: 'RFC 3339, UTC, milliseconds' })

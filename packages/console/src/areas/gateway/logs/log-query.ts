/** The filters that the log knows; each is a part of the page's address and of the request. */
export const logFilterNames = [
  'path',
  'statusCode',
  'method',
  'consumerId',
  'serviceId',
  'routeId',
  'errorCode',
  'minDurationMs',
  'from',
  'to',
] as const

type LogFilterValues = Readonly<Partial<Record<(typeof logFilterNames)[number], string>>>

/** What is asked of the server: only filters that are set. */
export function toLogQuery(values: LogFilterValues): Record<string, string> {
  return Object.fromEntries(
    logFilterNames.flatMap((name) => {
      const value = values[name]
      return value === undefined || value === '' ? [] : [[name, value]]
    }),
  )
}

import { getOperation, isFinished, Operation } from '@holdfast/contracts/platform/operations'
import { type QueryClient, queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { client } from './client.ts'
import { useEvents } from './events.ts'

export const operationQuery = (id: string) =>
  queryOptions({
    queryKey: ['operations', 'one', id],
    queryFn: async ({ signal }) => (await client.call(getOperation, { params: { id } }, { signal })).data,
  })

/** Takes over what an answer or an event says, unless something newer is known: they can overtake each other. */
export function keepOperation(queries: QueryClient, next: Operation): void {
  queries.setQueryData(operationQuery(next.id).queryKey, (known) =>
    known && known.version > next.version ? known : next,
  )
}

/** Follows one operation until it is finished. The state is the server's, so a reload shows the same. */
export function useOperation(id: string, known?: Operation) {
  const queries = useQueryClient()
  const query = useQuery({
    ...operationQuery(id),
    ...(known ? { initialData: known } : {}),
  })
  const finished = query.data !== undefined && isFinished(query.data)
  const stream = useEvents(finished ? null : `/api/operations/${id}/events`, {
    types: ['operation'],
    onEvent: ({ data }) => {
      const next = Operation.safeParse(data)
      if (next.success) keepOperation(queries, next.data)
    },
  })
  return { ...query, finished, stream }
}

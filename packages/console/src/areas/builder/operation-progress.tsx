import { cancelOperation, getOperation, isFinished, Operation } from '@holdfast/contracts/platform/operations'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useEffect, useEffectEvent } from 'react'
import { client } from '../../lib/client.ts'
import { useEvents } from '../../lib/events.ts'
import { formatBytes, formatNumber } from '../../lib/format.ts'
import { OperationView } from '../../ui/operation-view.tsx'
import { ProblemNotice } from '../../ui/problem-notice.tsx'
import { notifyProblem } from '../../ui/toast.ts'
import { operationTitles } from './operation-titles.ts'

export interface OperationProgressProps {
  id: string
  title?: string
  /** Called once when nothing will happen any more. */
  onFinished?: (operation: Operation) => void
  /** What can be done with the result. */
  children?: (operation: Operation) => ReactNode
}

/** Follows one operation by its id: the state is the server's, so a reload shows the same. */
export function OperationProgress({ id, title, onFinished, children }: OperationProgressProps) {
  const queries = useQueryClient()
  const queryKey = ['operations', id]
  const operation = useQuery({
    queryKey,
    queryFn: async ({ signal }) => (await client.call(getOperation, { params: { id } }, { signal })).data,
  })
  const found = operation.data
  const finished = found !== undefined && isFinished(found)
  useEvents(finished ? null : `/api/operations/${id}/events`, {
    types: ['operation'],
    onEvent: ({ data }) => {
      const next = Operation.safeParse(data)
      // Events can arrive after a fetch that was already newer.
      if (next.success)
        queries.setQueryData<Operation>(queryKey, (known) =>
          known && known.version > next.data.version ? known : next.data,
        )
    },
  })
  const tell = useEffectEvent(() => found && onFinished?.(found))
  useEffect(() => {
    if (finished) tell()
  }, [finished])

  if (operation.error)
    return <ProblemNotice problem={operation.error} onRetry={() => void operation.refetch()} />
  if (!found) return <div aria-busy className="h-16 animate-pulse rounded-md bg-sunken" />
  const { done, total } = found.progress
  // An import counts what it has read of the file; everything else counts records.
  const amount = found.kind === 'records.import' ? formatBytes : formatNumber
  const cancel = async () => {
    try {
      const answer = await client.call(cancelOperation, { params: { id } })
      queries.setQueryData<Operation>(queryKey, answer.data)
    } catch (thrown) {
      notifyProblem(thrown)
    }
  }
  return (
    <OperationView
      title={title ?? operationTitles[found.kind] ?? found.kind}
      state={found.state}
      progress={total === null || total === 0 ? null : done / total}
      detail={total === null ? amount(done) : `${amount(done)} of ${amount(total)}`}
      startedAt={found.startedAt ?? found.createdAt}
      onCancel={() => void cancel()}
    >
      {found.message && <p className="text-xs text-ink-muted">{found.message}</p>}
      {found.problem && <p className="text-sm text-bad-ink">{found.problem.error}</p>}
      {children?.(found)}
    </OperationView>
  )
}

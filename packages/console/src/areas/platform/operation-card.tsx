import { Problem } from '@holdfast/contracts/kit/problem'
import { cancelOperation, type Operation } from '@holdfast/contracts/platform/operations'
import { useQueryClient } from '@tanstack/react-query'
import { client } from '../../lib/client.ts'
import { formatNumber } from '../../lib/format.ts'
import { keepOperation, useOperation } from '../../lib/operation.ts'
import { OperationView } from '../../ui/operation-view.tsx'
import { notifyProblem } from '../../ui/toast.ts'

/** One operation, followed live, with a way to stop it. */
export function OperationCard({ listed }: { listed: Operation }) {
  const queries = useQueryClient()
  const { data } = useOperation(listed.id, listed)
  const operation = data && data.version >= listed.version ? data : listed
  const { done, total } = operation.progress
  const cancel = async () => {
    try {
      keepOperation(queries, (await client.call(cancelOperation, { params: { id: listed.id } })).data)
    } catch (thrown) {
      notifyProblem(thrown)
    }
  }
  return (
    <OperationView
      title={operationTitle(operation)}
      state={operation.state}
      progress={total ? done / total : null}
      detail={total === null ? formatNumber(done) : `${formatNumber(done)} of ${formatNumber(total)}`}
      startedAt={operation.startedAt ?? operation.createdAt}
      {...(operation.problem
        ? { problem: new Problem(operation.problem.code, 500, operation.problem.error, {}) }
        : {})}
      onCancel={() => void cancel()}
    >
      {operation.message && <p className="text-sm text-ink-muted">{operation.message}</p>}
    </OperationView>
  )
}

/** `records.import` in words; a kind that this console does not know yet is still readable. */
function operationTitle({ kind }: Operation): string {
  const [noun = kind, verb = ''] = kind.split('.')
  return `${verb.charAt(0).toUpperCase()}${verb.slice(1)} ${noun}`.trim()
}

import { Problem } from '@holdfast/contracts/kit/problem'
import { cancelOperation } from '@holdfast/contracts/platform/operations'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useEffectEvent } from 'react'
import { client } from '../../lib/client.ts'
import { formatNumber } from '../../lib/format.ts'
import { keepOperation, useOperation } from '../../lib/operation.ts'
import { OperationView } from '../../ui/operation-view.tsx'
import { notifyProblem } from '../../ui/toast.ts'

/** Follows the backup or the restore that was started here. After a restore the next request asks to sign in. */
export function BackupProgress(props: { operationId: string; onFinished: () => void }) {
  const { operationId: id, onFinished } = props
  const queries = useQueryClient()
  const { data: operation, finished } = useOperation(id)
  const tell = useEffectEvent(onFinished)
  useEffect(() => {
    if (finished) tell()
  }, [finished])
  if (operation === undefined) return null
  const { done, total } = operation.progress
  const cancel = async () => {
    try {
      keepOperation(queries, (await client.call(cancelOperation, { params: { id } })).data)
    } catch (thrown) {
      notifyProblem(thrown)
    }
  }
  return (
    <OperationView
      title={operation.kind === 'backups.restore' ? 'Restoring a backup' : 'Backing up'}
      state={operation.state}
      progress={total ? done / total : null}
      detail={total === null ? formatNumber(done) : `${formatNumber(done)} of ${formatNumber(total)} steps`}
      startedAt={operation.startedAt ?? operation.createdAt}
      {...(operation.problem && {
        problem: new Problem(operation.problem.code, 409, operation.problem.error, {}),
      })}
      onCancel={() => void cancel()}
    >
      {operation.message && <p className="text-sm text-ink-muted">{operation.message}</p>}
    </OperationView>
  )
}

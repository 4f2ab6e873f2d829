import { useQueryClient } from '@tanstack/react-query'
import { plural } from '../../../lib/format.ts'
import { ConfirmDanger } from '../../../ui/confirm-danger.tsx'
import { deleteRecords } from './api.ts'
import { useOpenCollection } from './collection-context.ts'
import { recordsKey } from './use-records.ts'

export interface DeleteRecordsProps {
  ids: readonly string[]
  open: boolean
  onClose: () => void
  /** With how many, in words. */
  onDeleted: (count: string) => void
}

/** Asks before records go. */
export function DeleteRecords({ ids, open, onClose, onDeleted }: DeleteRecordsProps) {
  const { collection } = useOpenCollection()
  const queries = useQueryClient()
  const count = plural(ids.length, 'record')
  return (
    <ConfirmDanger
      open={open}
      onClose={onClose}
      title={`Delete ${count}?`}
      consequences={[
        'They are gone for good.',
        'References of other records to them lead nowhere afterwards.',
      ]}
      {...(ids.length > 1 ? { typeToConfirm: `delete ${ids.length}` } : {})}
      action={`Delete ${count}`}
      onConfirm={async () => {
        await deleteRecords(collection.path, ids)
        await queries.invalidateQueries({ queryKey: recordsKey(collection.path) })
        onDeleted(count)
      }}
    />
  )
}

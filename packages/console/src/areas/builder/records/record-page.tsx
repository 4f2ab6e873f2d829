import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { Drawer } from '../../../ui/drawer.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { fetchRecord } from './api.ts'
import { useOpenCollection } from './collection-context.ts'
import { RecordDrawer } from './record-drawer.tsx'
import { recordsKey } from './use-records.ts'

/** One record beside the sheet, or a new one when the address ends in `new`. */
export default function RecordPage() {
  const { recordId } = useParams({ strict: false })
  const { collection, endpointId } = useOpenCollection()
  const navigate = useNavigate()
  const close = () =>
    void navigate({
      to: '/build/records/$endpointId',
      params: { endpointId },
      search: (previous) => previous,
    })
  const record = useQuery({
    queryKey: [...recordsKey(collection.path), 'one', recordId],
    queryFn: () => fetchRecord(collection.path, recordId ?? ''),
    enabled: recordId !== undefined,
  })
  if (recordId === undefined) return <RecordDrawer onClose={close} />
  if (record.data) return <RecordDrawer key={record.data.id} record={record.data} onClose={close} />
  return (
    <Drawer title="Record" onClose={close}>
      {record.error ? (
        <ProblemNotice problem={record.error} onRetry={() => void record.refetch()} />
      ) : (
        <div aria-busy className="h-60 animate-pulse rounded-md bg-sunken" />
      )}
    </Drawer>
  )
}

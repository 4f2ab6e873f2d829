import { Package } from 'lucide-react'
import { useState } from 'react'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Select } from '../ui/select.tsx'
import type { Column } from '../ui/table/columns.ts'
import { DataTable } from '../ui/table/data-table.tsx'
import { notify } from '../ui/toast.ts'
import { Bytes } from '../ui/values.tsx'

interface Sample {
  id: string
  name: string
  state: string
  sizeBytes: number
}

const columns: ReadonlyArray<Column<Sample>> = [
  { id: 'name', header: 'Name', isTitle: true, cell: (row) => row.name, sortBy: (row) => row.name },
  {
    id: 'state',
    header: 'State',
    width: '120px',
    cell: (row) => <Badge tone={row.state === 'running' ? 'ok' : 'neutral'}>{row.state}</Badge>,
    sortBy: (row) => row.state,
  },
  {
    id: 'size',
    header: 'Size',
    width: '120px',
    align: 'end',
    cell: (row) => <Bytes value={row.sizeBytes} />,
    sortBy: (row) => row.sizeBytes,
  },
]

const rows = (count: number): Sample[] =>
  Array.from({ length: count }, (_, index) => ({
    id: String(index),
    name: `Thing number ${index + 1}`,
    state: index % 3 === 0 ? 'stopped' : 'running',
    sizeBytes: ((index * 7_919) % 1_000) * 1_024,
  }))

const amounts = [
  { value: '5', label: '5 rows' },
  { value: '5000', label: '5,000 rows' },
  { value: '0', label: 'Empty' },
  { value: 'loading', label: 'Loading' },
]

export function TableSample() {
  const [amount, setAmount] = useState('5')
  const [data, setData] = useState(() => rows(5))
  const choose = (next: string) => {
    setAmount(next)
    setData(rows(Number(next) || 0))
  }
  return (
    <>
      <Select aria-label="Amount" className="w-40" options={amounts} value={amount} onChange={choose} />
      <DataTable
        name="sample"
        label="Samples"
        columns={columns}
        rows={data}
        rowId={(row) => row.id}
        loading={amount === 'loading'}
        onOpen={(row) => notify(row.name)}
        bulkActions={(ids, clear) => (
          <Button
            size="small"
            onClick={() => {
              setData(data.filter((row) => !ids.includes(row.id)))
              clear()
            }}
          >
            Remove
          </Button>
        )}
        empty={
          <EmptyState
            icon={Package}
            title="No thing yet"
            action={<Button kind="primary">Add a thing</Button>}
            request={{ method: 'POST', path: '/api/things', body: { name: 'First' } }}
          >
            A thing is what this place is for. Add one and it appears here.
          </EmptyState>
        }
      />
    </>
  )
}

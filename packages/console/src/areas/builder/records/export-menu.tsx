import type { TransferFormat } from '@holdfast/contracts/builder/records'
import { Download } from 'lucide-react'
import { useState } from 'react'
import { apiUrl } from '../../../lib/base.ts'
import { Button } from '../../../ui/button.tsx'
import { Menu, MenuHeading, MenuItem } from '../../../ui/menu.tsx'
import { useOpenCollection } from './collection-context.ts'
import { ExportDialog } from './export-dialog.tsx'
import { queryOf, type RecordsView } from './view.ts'

const formats = [
  { format: 'csv', label: 'CSV, for spreadsheets' },
  { format: 'ndjson', label: 'NDJSON, one record per line' },
  { format: 'json', label: 'JSON, one list' },
] as const

/** Downloads what the filters show. */
export function ExportMenu({ view }: { view: RecordsView }) {
  const { collection, endpointId } = useOpenCollection()
  const [running, setRunning] = useState<{ url: URL; format: TransferFormat } | null>(null)
  const start = (format: TransferFormat) => {
    const query = queryOf(view)
    query.set('format', format)
    const url = apiUrl(`/api/endpoints/${collection.by.GET?.id ?? endpointId}/export?${query}`)
    setRunning({ url, format })
  }
  return (
    <>
      <Menu
        trigger={
          <Button icon={Download} className="max-sm:px-2">
            <span className="max-sm:sr-only">Export</span>
          </Button>
        }
      >
        <MenuHeading>
          <span className="text-xs text-ink-subtle">
            {view.where || view.search ? 'What the filters show' : 'All records'}
          </span>
        </MenuHeading>
        {formats.map(({ format, label }) => (
          <MenuItem key={format} onSelect={() => start(format)}>
            {label}
          </MenuItem>
        ))}
      </Menu>
      {running !== null && <ExportDialog {...running} onClose={() => setRunning(null)} />}
    </>
  )
}

import { Download } from 'lucide-react'
import { apiUrl } from '../../../lib/base.ts'
import { Button } from '../../../ui/button.tsx'
import { Menu, MenuHeading, MenuItem } from '../../../ui/menu.tsx'
import { useOpenCollection } from './collection-context.ts'
import { queryOf, type RecordsView } from './view.ts'

const formats = [
  { format: 'csv', label: 'CSV, for spreadsheets' },
  { format: 'ndjson', label: 'NDJSON, one record per line' },
  { format: 'json', label: 'JSON, one list' },
] as const

/** Downloads what the filters show. The file streams, so its size is limited by the disk alone. */
export function ExportMenu({ view }: { view: RecordsView }) {
  const { collection, endpointId } = useOpenCollection()
  const download = (format: string) => {
    const query = queryOf(view)
    query.set('format', format)
    const link = document.createElement('a')
    link.href = apiUrl(`/api/endpoints/${collection.by.GET?.id ?? endpointId}/export?${query}`).href
    link.download = ''
    link.click()
  }
  return (
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
        <MenuItem key={format} onSelect={() => download(format)}>
          {label}
        </MenuItem>
      ))}
    </Menu>
  )
}

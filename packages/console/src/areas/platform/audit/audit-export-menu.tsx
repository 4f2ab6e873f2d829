import { auditExportFormats } from '@holdfast/contracts/platform/audit'
import { Download } from 'lucide-react'
import { apiUrl } from '../../../lib/base.ts'
import { Button } from '../../../ui/button.tsx'
import { Menu, MenuHeading, MenuItem } from '../../../ui/menu.tsx'

const labels: Record<(typeof auditExportFormats)[number], string> = {
  csv: 'CSV, for spreadsheets',
  ndjson: 'NDJSON, to verify it elsewhere',
}

/** Downloads what the filters show. The file streams, so that its size does not matter. */
export function AuditExportMenu({ filters }: { filters: Readonly<Record<string, string | undefined>> }) {
  const isFiltered = Object.values(filters).some((value) => value !== undefined)
  const download = (format: string) => {
    const url = apiUrl('/api/audit/export')
    for (const [name, value] of Object.entries({ ...filters, format }))
      if (value !== undefined) url.searchParams.set(name, value)
    const link = document.createElement('a')
    link.href = url.href
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
          {isFiltered ? 'What the filters show' : 'The whole trail'}
        </span>
      </MenuHeading>
      {auditExportFormats.map((format) => (
        <MenuItem key={format} onSelect={() => download(format)}>
          {labels[format]}
        </MenuItem>
      ))}
    </Menu>
  )
}

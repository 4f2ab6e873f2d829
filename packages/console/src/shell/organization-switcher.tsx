import { Building2, ChevronsUpDown } from 'lucide-react'
import { useOrganization } from '../lib/organization.ts'
import { Menu, MenuChoice } from '../ui/menu.tsx'

/** Which organization the pages are about. Shown only to who belongs to several. */
export function OrganizationSwitcher() {
  const { id, all, choose } = useOrganization()
  const current = all.find((one) => one.id === id)
  if (all.length < 2 || id === undefined) return null
  return (
    <Menu
      align="start"
      trigger={
        <button
          type="button"
          aria-label={`Organization: ${current?.name ?? 'none'}`}
          className="flex h-8 max-w-48 min-w-0 items-center gap-1.5 rounded-md px-2 text-sm text-ink-muted hover:bg-hover hover:text-ink"
        >
          <Building2 aria-hidden className="size-4 shrink-0" />
          <span className="truncate">{current?.name}</span>
          <ChevronsUpDown aria-hidden className="size-3.5 shrink-0 text-ink-subtle" />
        </button>
      }
    >
      <MenuChoice
        label="Organization"
        value={id}
        onChange={choose}
        options={all.map((one) => ({ value: one.id, label: one.name }))}
      />
    </Menu>
  )
}

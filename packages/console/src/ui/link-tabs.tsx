import { Link } from '@tanstack/react-router'
import { tabClass } from './tab-class.ts'

export interface LinkTab {
  to: string
  label: string
  /** A number beside the label, for lists. */
  count?: number
}

/** The tabs of a page: links, so that each is an address that can be opened, shared and gone back to. */
export function LinkTabs({ label, tabs }: { label: string; tabs: readonly LinkTab[] }) {
  return (
    <nav aria-label={label} className="-mb-px flex gap-4 overflow-x-auto">
      {tabs.map((tab) => (
        <Link
          key={tab.to}
          to={tab.to}
          activeOptions={{ exact: true, includeSearch: false }}
          className={tabClass}
        >
          {tab.label}
          {tab.count !== undefined && <span className="text-xs text-ink-subtle">{tab.count}</span>}
        </Link>
      ))}
    </nav>
  )
}

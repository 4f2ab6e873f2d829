import { Tabs as Base } from '@base-ui/react/tabs'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { classNames } from '../lib/class-names.ts'

const tabClass = classNames(
  'relative inline-flex h-9 items-center gap-1.5 px-0.5 text-sm whitespace-nowrap text-ink-muted transition-colors hover:text-ink',
  'aria-selected:text-ink aria-selected:font-medium aria-[current=page]:font-medium aria-[current=page]:text-ink',
  'after:absolute after:inset-x-0 after:bottom-0 after:h-0.5 after:rounded-full',
  'aria-selected:after:bg-accent aria-[current=page]:after:bg-accent',
)

export interface TabItem<Value extends string> {
  value: Value
  label: string
  content: ReactNode
}

export interface TabsProps<Value extends string> {
  label: string
  value: Value
  onChange: (value: Value) => void
  tabs: readonly TabItem<Value>[]
}

/** Parts of one thing, one shown at a time. Where each part has an address of its own, use `LinkTabs`. */
export function Tabs<Value extends string>({ label, value, onChange, tabs }: TabsProps<Value>) {
  return (
    <Base.Root value={value} onValueChange={(next: Value) => onChange(next)}>
      <Base.List aria-label={label} className="flex gap-4 overflow-x-auto border-b border-line">
        {tabs.map((tab) => (
          <Base.Tab key={tab.value} value={tab.value} className={tabClass}>
            {tab.label}
          </Base.Tab>
        ))}
      </Base.List>
      {tabs.map((tab) => (
        <Base.Panel key={tab.value} value={tab.value} className="pt-4 outline-offset-4">
          {tab.content}
        </Base.Panel>
      ))}
    </Base.Root>
  )
}

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

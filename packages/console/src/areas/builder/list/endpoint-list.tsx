import type { EndpointGroup } from '@holdfast/contracts/builder/endpoint-groups'
import type { Endpoint } from '@holdfast/contracts/builder/endpoints'
import { useRef, useState } from 'react'
import { formatNumber } from '../../../lib/format.ts'
import { Button } from '../../../ui/button.tsx'
import { useRowKeys } from '../../../ui/table/use-row-keys.ts'
import { BulkActions } from './bulk-actions.tsx'
import { EndpointRow } from './endpoint-row.tsx'
import { GroupHeading } from './group-heading.tsx'
import type { EndpointSection } from './grouping.ts'

export interface EndpointListProps {
  sections: readonly EndpointSection[]
  groups: readonly EndpointGroup[]
  total: number
  mayManage: boolean
  onOpen: (endpoint: Endpoint) => void
}

/** The endpoints under their groups; j and k walk through all of them, x selects, Enter opens. */
export function EndpointList({ sections, groups, total, mayManage, onOpen }: EndpointListProps) {
  const list = useRef<HTMLDivElement>(null)
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const all = sections.flatMap((section) => section.endpoints)
  const selected = all.filter((endpoint) => chosen.has(endpoint.id))
  const toggle = (id: string) =>
    setChosen((before) => {
      const next = new Set(before)
      if (!next.delete(id)) next.add(id)
      return next
    })
  const keys = useRowKeys({
    count: all.length,
    onOpen: (index) => all[index] && onOpen(all[index]),
    onToggle: mayManage ? (index) => all[index] && toggle(all[index].id) : undefined,
    onMove: (index) => list.current?.querySelector<HTMLElement>(`[data-row="${index}"]`)?.focus(),
  })
  let index = -1
  return (
    <div ref={list}>
      <div className="flex min-h-10 flex-wrap items-center gap-2">
        {selected.length > 0 ? (
          <div role="toolbar" aria-label="Selected endpoints" className="flex flex-wrap items-center gap-2">
            <span className="text-sm font-medium" aria-live="polite">
              {formatNumber(selected.length)} selected
            </span>
            <BulkActions endpoints={selected} groups={groups} onDone={() => setChosen(new Set())} />
            <Button kind="quiet" size="small" onClick={() => setChosen(new Set())}>
              Clear
            </Button>
          </div>
        ) : (
          <span className="text-xs text-ink-subtle tabular-nums">{formatNumber(total)} endpoints</span>
        )}
      </div>
      <div className="flex flex-col gap-4" onKeyDown={keys.onKeyDown}>
        {sections.map(({ group, endpoints }) => (
          <section key={group?.id ?? 'none'} aria-label={group?.name ?? 'Without a group'}>
            <GroupHeading group={group} count={endpoints.length} mayManage={mayManage} />
            {endpoints.length > 0 && (
              <ul className="overflow-hidden rounded-md border border-line bg-surface">
                {endpoints.map((endpoint) => {
                  index += 1
                  const row = index
                  return (
                    <EndpointRow
                      key={endpoint.id}
                      endpoint={endpoint}
                      index={row}
                      active={row === keys.activeIndex}
                      selected={chosen.has(endpoint.id)}
                      mayManage={mayManage}
                      onFocus={() => keys.setActiveIndex(row)}
                      onToggle={() => toggle(endpoint.id)}
                      onOpen={() => onOpen(endpoint)}
                    />
                  )
                })}
              </ul>
            )}
          </section>
        ))}
      </div>
    </div>
  )
}

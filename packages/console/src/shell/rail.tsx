import { Link, useMatchRoute } from '@tanstack/react-router'
import { PanelLeftClose, PanelLeftOpen } from 'lucide-react'
import { useEffect, useRef } from 'react'
import type { Area, AreaPage } from '../areas/area.ts'
import { classNames } from '../lib/class-names.ts'
import { IconButton } from '../ui/icon-button.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import { Mark } from './mark.tsx'

export interface RailProps {
  areas: readonly Area[]
  collapsed: boolean
  /** Absent in the phone's sheet, which is always wide. */
  onToggle?: () => void
}

const itemClass = classNames(
  'flex h-8 items-center gap-2.5 rounded-md px-2 text-sm text-ink-muted hover:bg-hover hover:text-ink pointer-coarse:h-10',
  'aria-[current=page]:bg-hover aria-[current=page]:font-medium aria-[current=page]:text-ink',
)

/** The way around: areas, and under each its pages. Collapsed it is icons with tooltips. */
export function Rail({ areas, collapsed, onToggle }: RailProps) {
  const matches = useMatchRoute()
  // The address of one page may begin with that of another: the longest is where one is.
  const [current] = areas
    .flatMap(({ pages }) => pages)
    .filter(({ to }) => Boolean(matches({ to, fuzzy: to !== '/' })))
    .toSorted((one, other) => other.to.length - one.to.length)
  const linkTo = (page: AreaPage) => (
    <RailLink key={page.to} page={page} active={page === current} collapsed={collapsed} />
  )
  return (
    <div className="flex h-full flex-col gap-4 overflow-y-auto px-2 py-3">
      <div
        className={classNames('flex h-8 items-center', collapsed ? 'justify-center' : 'justify-between pl-2')}
      >
        {!collapsed && <Mark />}
        {onToggle && (
          <IconButton
            icon={collapsed ? PanelLeftOpen : PanelLeftClose}
            label={collapsed ? 'Widen the rail' : 'Narrow the rail'}
            onClick={onToggle}
          />
        )}
      </div>
      <nav aria-label="Main" className="flex flex-col gap-4">
        {areas.map((area) =>
          area.pages.length === 1 ? (
            area.pages.map(linkTo)
          ) : (
            <div key={area.id} className="flex flex-col gap-0.5">
              {collapsed ? (
                <div aria-hidden className="mx-2 mb-1 border-t border-line" />
              ) : (
                <div className="px-2 pb-1 text-xs font-medium text-ink-subtle">{area.label}</div>
              )}
              {area.pages.map(linkTo)}
            </div>
          ),
        )}
      </nav>
    </div>
  )
}

interface RailLinkProps {
  page: AreaPage
  active: boolean
  collapsed: boolean
}

function RailLink({ page, active, collapsed }: RailLinkProps) {
  const Icon = page.icon
  const anchor = useRef<HTMLAnchorElement>(null)
  // The rail may be longer than the window: where one is stays in sight.
  useEffect(() => {
    if (active) anchor.current?.scrollIntoView({ block: 'nearest' })
  }, [active])
  const link = (
    <Link
      ref={anchor}
      to={page.to}
      aria-label={collapsed ? page.label : undefined}
      aria-current={active ? 'page' : undefined}
      className={classNames(itemClass, collapsed && 'justify-center')}
    >
      <Icon aria-hidden className={classNames('size-4 shrink-0', active && 'text-accent-ink')} />
      {!collapsed && page.label}
    </Link>
  )
  return collapsed ? <Tooltip text={page.label}>{link}</Tooltip> : link
}

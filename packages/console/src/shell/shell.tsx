import { Outlet, useLocation } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useState } from 'react'
import { areas } from '../areas/registry.ts'
import { classNames } from '../lib/class-names.ts'
import { usePhone } from '../lib/media.ts'
import { useMe } from '../lib/session.ts'
import { readStored, writeStored } from '../lib/stored.ts'
import { Rail } from './rail.tsx'
import { TopBar } from './top-bar.tsx'
import { visibleAreas } from './visible-areas.ts'

const PhoneSheet = lazy(() => import('./phone-sheet.tsx'))
const Palette = lazy(() => import('./palette.tsx'))
const railKey = 'rail'

/** What stays while pages change: rail, top bar, palette. The page is in the middle. */
export function Shell() {
  const me = useMe()
  const phone = usePhone()
  const { pathname } = useLocation()
  const [collapsed, setCollapsed] = useState(() => readStored(railKey) === 'narrow')
  const [paletteOpen, setPaletteOpen] = useState(false)
  // The sheet closes because the page changed, whatever changed it: it is open only for the page it was opened on.
  const [sheetFor, setSheetFor] = useState<string | null>(null)
  const shown = visibleAreas(areas, me?.permissions ?? [])

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return
      event.preventDefault()
      setPaletteOpen((open) => !open)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])

  const toggle = () => {
    setCollapsed(!collapsed)
    writeStored(railKey, collapsed ? null : 'narrow')
  }

  return (
    <div className="flex h-dvh overflow-hidden">
      <a
        href="#content"
        onClick={(event) => {
          event.preventDefault()
          document.getElementById('content')?.focus()
        }}
        className="sr-only rounded-md bg-raised px-3 py-2 shadow-popup focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50"
      >
        Skip to the page
      </a>
      {!phone && (
        <aside className={classNames('shrink-0 border-r border-line', collapsed ? 'w-13' : 'w-54')}>
          <Rail areas={shown} collapsed={collapsed} onToggle={toggle} />
        </aside>
      )}
      <div className="flex min-w-0 flex-1 flex-col">
        <TopBar
          onSearch={() => setPaletteOpen(true)}
          {...(phone ? { onMenu: () => setSheetFor(pathname) } : {})}
        />
        <main
          id="content"
          tabIndex={-1}
          className="relative min-h-0 flex-1 overflow-y-auto px-4 py-5 outline-none md:px-8"
        >
          <Outlet />
        </main>
      </div>
      {phone && sheetFor === pathname && (
        <Suspense>
          <PhoneSheet areas={shown} onClose={() => setSheetFor(null)} />
        </Suspense>
      )}
      {paletteOpen && (
        <Suspense>
          <Palette areas={shown} onClose={() => setPaletteOpen(false)} />
        </Suspense>
      )}
    </div>
  )
}

import { Link } from '@tanstack/react-router'
import { useMe } from '../../lib/session.ts'
import { visibleAreas } from '../../shell/visible-areas.ts'
import { Page } from '../../ui/page.tsx'
import { areas } from '../registry.ts'

/** Where one arrives: a greeting and the ways on. */
export default function HomePage() {
  const me = useMe()
  const shown = visibleAreas(areas, me?.permissions ?? []).filter((area) => area.id !== 'home')
  return (
    <Page
      title={me ? `Hello, ${me.name}` : 'Home'}
      description="Pick up where you want to go, or press Ctrl K (⌘ K) and type."
    >
      {shown.map((area) => (
        <section key={area.id} className="mb-6">
          <h2 className="mb-2 text-xs font-medium text-ink-subtle">{area.label}</h2>
          <ul className="grid gap-2 sm:grid-cols-2 lg:grid-cols-3">
            {area.pages.map(({ to, label, icon: Icon, summary }) => (
              <li key={to}>
                <Link
                  to={to}
                  className="flex h-full items-start gap-3 rounded-md border border-line bg-surface p-4 hover:border-line-strong hover:bg-hover"
                >
                  <Icon aria-hidden className="mt-0.5 size-4 shrink-0 text-accent-ink" />
                  <span>
                    <span className="block font-medium">{label}</span>
                    <span className="block text-ink-muted">{summary}</span>
                  </span>
                </Link>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </Page>
  )
}

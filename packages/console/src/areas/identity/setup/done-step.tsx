import { Link } from '@tanstack/react-router'
import { ArrowRight } from 'lucide-react'
import { areas } from '../../registry.ts'
import { buttonClass } from '../../../ui/button.tsx'
import { StepHeading } from './step-heading.tsx'
import { suggestions } from './suggestions.ts'
import type { Wish } from './wish-step.tsx'

/** Three things to try, each one click away. */
export function DoneStep({ wish }: { wish: Wish }) {
  const reachable = new Set(areas.flatMap((area) => area.pages.map((page) => page.to)))
  return (
    <>
      <StepHeading title="It is yours.">
        Everything is set up and you are signed in. Three things to try, in any order:
      </StepHeading>
      <ul className="flex flex-col gap-2">
        {suggestions(wish, reachable).map(({ to, label, meaning, icon: Icon }) => (
          <li key={to}>
            <Link
              to={to}
              className="flex items-center gap-3 rounded-md border border-line bg-surface p-4 hover:border-line-strong hover:bg-hover"
            >
              <Icon aria-hidden className="size-5 shrink-0 text-accent-ink" />
              <span className="min-w-0 flex-1">
                <span className="block text-base font-medium">{label}</span>
                <span className="block text-sm text-ink-muted">{meaning}</span>
              </span>
              <ArrowRight aria-hidden className="size-4 text-ink-subtle" />
            </Link>
          </li>
        ))}
      </ul>
      <div className="mt-6 flex justify-end">
        <Link to="/" className={buttonClass('primary')}>
          Open the console
        </Link>
      </div>
    </>
  )
}

import { Link } from '@tanstack/react-router'
import { areas } from '../../registry.ts'
import { buttonClass } from '../../../ui/button.tsx'
import { StepHeading } from './step-heading.tsx'
import { SuggestionList } from './suggestion-list.tsx'
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
      <SuggestionList suggestions={suggestions(wish, reachable)} className="flex flex-col gap-2" />
      <div className="mt-6 flex justify-end">
        <Link to="/" className={buttonClass('primary')}>
          Open the console
        </Link>
      </div>
    </>
  )
}

import { Link } from '@tanstack/react-router'
import { ArrowRight } from 'lucide-react'
import type { Suggestion } from './suggestions.ts'

/** Things to try, each one click away. */
export function SuggestionList({
  suggestions,
  className,
}: {
  suggestions: readonly Suggestion[]
  className: string
}) {
  return (
    <ul className={className}>
      {suggestions.map(({ to, search = {}, label, meaning, icon: Icon }) => (
        <li key={to}>
          <Link
            to={to}
            search={search}
            className="flex h-full items-center gap-3 rounded-md border border-line bg-surface p-4 hover:border-line-strong hover:bg-hover"
          >
            <Icon aria-hidden className="size-5 shrink-0 text-accent-ink" />
            <span className="min-w-0 flex-1">
              <span className="block text-base font-medium">{label}</span>
              <span className="block text-sm text-ink-muted">{meaning}</span>
            </span>
            <ArrowRight aria-hidden className="size-4 shrink-0 text-ink-subtle" />
          </Link>
        </li>
      ))}
    </ul>
  )
}

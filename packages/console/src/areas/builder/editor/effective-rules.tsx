import { Section } from '../../../ui/page.tsx'
import type { EffectiveNetworkRules } from './network-rules.ts'

const origins = {
  endpoint: 'From this endpoint alone.',
  group: 'From its group alone.',
  both: 'From this endpoint and its group together.',
}

export interface EffectiveRulesProps {
  result: EffectiveNetworkRules | null
  unsaved: boolean
}

/** What the rules come to, in words. */
export function EffectiveRules({ result, unsaved }: EffectiveRulesProps) {
  return (
    <Section
      title={unsaved ? 'What will hold once saved' : 'What holds'}
      description={result ? origins[result.from] : undefined}
    >
      {result === null ? (
        <p className="text-sm">It can be called from anywhere.</p>
      ) : (
        <div className="flex flex-col gap-3 text-sm">
          <p>{sentence(result)}</p>
          <Entries label="Domains" entries={result.domains} />
          <Entries label="Addresses" entries={result.ranges} />
        </div>
      )}
    </Section>
  )
}

function sentence({ domains, ranges }: EffectiveNetworkRules): string {
  if (ranges.length === 0) return 'A call must name one of these domains.'
  if (domains.length === 0) return 'A call must come from one of these addresses.'
  return 'A call must name one of these domains or come from one of these addresses; either is enough.'
}

function Entries({ label, entries }: { label: string; entries: readonly string[] }) {
  if (entries.length === 0) return null
  return (
    <div>
      <h3 className="text-xs font-medium text-ink-subtle">{label}</h3>
      <ul className="mt-1 flex flex-wrap gap-1">
        {entries.map((entry) => (
          <li key={entry} className="rounded-sm bg-sunken px-1.5 py-0.5 font-mono text-xs break-all">
            {entry}
          </li>
        ))}
      </ul>
    </div>
  )
}

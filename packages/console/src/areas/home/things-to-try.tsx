import { setupStep } from '@holdfast/contracts/identity/setup'
import { useQuery } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { useState } from 'react'
import { client } from '../../lib/client.ts'
import { readStored, writeStored } from '../../lib/stored.ts'
import { IconButton } from '../../ui/icon-button.tsx'
import type { Area } from '../area.ts'
import { SuggestionList } from '../identity/setup/suggestion-list.tsx'
import { suggestions } from '../identity/setup/suggestions.ts'

const key = 'home.tried'

/** The three things that the first run ended with, until somebody has had enough of them. */
export function ThingsToTry({ isAdmin, areas }: { isAdmin: boolean; areas: readonly Area[] }) {
  const [hidden, setHidden] = useState(() => readStored(key) === 'yes')
  const purpose = useQuery({
    queryKey: ['setup', 'purpose'],
    queryFn: async ({ signal }) => (await client.call(setupStep, {}, { signal })).data.purpose,
    enabled: isAdmin && !hidden,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })
  if (hidden || (isAdmin && purpose.isPending)) return null
  const reachable = new Set(areas.flatMap((area) => area.pages.map((page) => page.to)))
  const hide = () => {
    writeStored(key, 'yes')
    setHidden(true)
  }
  return (
    <section aria-labelledby="home-try">
      <div className="mb-2 flex items-center justify-between">
        <h2 id="home-try" className="text-base font-semibold">
          Three things to try
        </h2>
        <IconButton icon={X} label="Do not show these again" size="small" onClick={hide} />
      </div>
      <SuggestionList
        suggestions={suggestions(purpose.data?.firstUse ?? 'api', reachable)}
        className="grid gap-2 lg:grid-cols-3"
      />
    </section>
  )
}

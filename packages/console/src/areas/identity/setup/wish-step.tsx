import { Radio } from '@base-ui/react/radio'
import { RadioGroup } from '@base-ui/react/radio-group'
import { completeSetup, submitSetupStep } from '@holdfast/contracts/identity/setup'
import { useQueryClient } from '@tanstack/react-query'
import { Blocks, type LucideIcon, Network, Route, Server } from 'lucide-react'
import { useState } from 'react'
import { client } from '../../../lib/client.ts'
import { setupQuery } from '../../../lib/session.ts'
import { Button } from '../../../ui/button.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { startSession } from '../session-actions.ts'
import { StepHeading } from './step-heading.tsx'

export type Wish = 'api' | 'gateway' | 'network' | 'fleet'

const wishes: ReadonlyArray<{ value: Wish; label: string; meaning: string; icon: LucideIcon }> = [
  {
    value: 'api',
    label: 'An API',
    meaning: 'Describe your data and have it served, without writing a server.',
    icon: Blocks,
  },
  {
    value: 'gateway',
    label: 'A gateway',
    meaning: 'Put keys, limits and a log in front of services you already run.',
    icon: Route,
  },
  {
    value: 'network',
    label: 'A network',
    meaning: 'Join your devices and people in a private network.',
    icon: Network,
  },
  {
    value: 'fleet',
    label: 'A fleet',
    meaning: 'Run programs on your machines and see how they are.',
    icon: Server,
  },
]

/** What to begin with. It decides only what the last step suggests; everything is there either way. */
export function WishStep({ code, onDone }: { code: string | undefined; onDone: (wish: Wish) => void }) {
  const queries = useQueryClient()
  const [wish, setWish] = useState<Wish>('api')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>()

  const finish = async () => {
    setBusy(true)
    setProblem(undefined)
    try {
      await client.call(submitSetupStep, { body: { step: 3, firstUse: wish, code } })
      await client.call(completeSetup, { body: { code } })
      // Completing has signed the new administrator in: what was read as a stranger no longer holds.
      await startSession()
      onDone(wish)
      await queries.invalidateQueries({ queryKey: setupQuery.queryKey, refetchType: 'all' })
    } catch (thrown) {
      setProblem(thrown)
    } finally {
      setBusy(false)
    }
  }

  return (
    <>
      <StepHeading title="What do you want first?">
        You get all of it; this only decides where the tour begins.
      </StepHeading>
      {problem !== undefined && (
        <div className="mb-4">
          <ProblemNotice problem={problem} />
        </div>
      )}
      <RadioGroup
        aria-label="What do you want first?"
        value={wish}
        onValueChange={(value: Wish) => setWish(value)}
        className="grid gap-3 sm:grid-cols-2"
      >
        {wishes.map(({ value, label, meaning, icon: Icon }) => (
          <Radio.Root
            key={value}
            value={value}
            className="flex flex-col gap-1 rounded-md border border-line-strong bg-surface p-4 text-left hover:bg-hover data-checked:border-accent data-checked:bg-accent-soft"
          >
            <Icon aria-hidden className="mb-1 size-5 text-accent-ink" />
            <span className="text-base font-medium">{label}</span>
            <span className="text-sm text-ink-muted">{meaning}</span>
          </Radio.Root>
        ))}
      </RadioGroup>
      <div className="mt-6 flex justify-end">
        <Button kind="primary" busy={busy} onClick={() => void finish()}>
          Finish
        </Button>
      </div>
    </>
  )
}

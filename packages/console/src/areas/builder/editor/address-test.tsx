import type { Endpoint } from '@holdfast/contracts/builder/endpoints'
import { Ban, Check } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../../ui/button.tsx'
import { Field } from '../../../ui/field.tsx'
import { Input } from '../../../ui/input.tsx'
import { Section } from '../../../ui/page.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { wouldPass } from './would-pass.ts'

type Verdict =
  | { state: 'none' }
  | { state: 'passes' | 'blocked'; from: string }
  | { state: 'problem'; problem: unknown }

/** Asks the server itself whether a caller from somewhere would get past the network rules. */
export function AddressTest({ endpoint, unsaved }: { endpoint: Endpoint; unsaved: boolean }) {
  const [address, setAddress] = useState('')
  const [origin, setOrigin] = useState('')
  const [busy, setBusy] = useState(false)
  const [verdict, setVerdict] = useState<Verdict>({ state: 'none' })

  const ask = async () => {
    setBusy(true)
    try {
      const passes = await wouldPass(endpoint, { address: address.trim(), origin: origin.trim() })
      setVerdict({
        state: passes ? 'passes' : 'blocked',
        from: [address, origin].filter(Boolean).join(' and '),
      })
    } catch (thrown) {
      setVerdict({ state: 'problem', problem: thrown })
    } finally {
      setBusy(false)
    }
  }

  return (
    <Section
      title="Would this caller pass?"
      description="Nothing is read or written; only the network rules are asked."
    >
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          void ask()
        }}
      >
        <Field label="Address">
          <Input
            mono
            value={address}
            placeholder="203.0.113.7"
            onChange={(event) => setAddress(event.target.value)}
          />
        </Field>
        <Field label="Origin" optional>
          <Input
            mono
            value={origin}
            placeholder="https://app.example.com"
            onChange={(event) => setOrigin(event.target.value)}
          />
        </Field>
        <div className="flex items-center gap-3">
          <Button type="submit" busy={busy} disabled={address.trim() === '' && origin.trim() === ''}>
            Check
          </Button>
          <span role="status" className="min-w-0 text-sm">
            {verdict.state === 'passes' && (
              <span className="flex items-center gap-1.5 text-ok-ink">
                <Check aria-hidden className="size-4 shrink-0" />
                {verdict.from} would be let in.
              </span>
            )}
            {verdict.state === 'blocked' && (
              <span className="flex items-center gap-1.5 text-bad-ink">
                <Ban aria-hidden className="size-4 shrink-0" />
                {verdict.from} would be blocked.
              </span>
            )}
          </span>
        </div>
        {unsaved && (
          <p className="text-xs text-ink-subtle">The rules as they are saved are asked, not your changes.</p>
        )}
        {verdict.state === 'problem' && <ProblemNotice problem={verdict.problem} />}
      </form>
    </Section>
  )
}

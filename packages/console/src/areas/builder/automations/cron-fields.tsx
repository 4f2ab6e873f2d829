import { previewCron } from '@holdfast/contracts/builder/automations/cron'
import { endpointMethods } from '@holdfast/contracts/builder/endpoints'
import { useQuery } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import { useWatch } from 'react-hook-form'
import { client } from '../../../lib/client.ts'
import { NumberField, SwitchField, TextareaField, TextField } from '../../../ui/form/fields.tsx'
import { useField } from '../../../ui/form/use-field.ts'
import { SelectField } from '../../../ui/form/pick-fields.tsx'
import { ExactTime } from '../../../ui/values.tsx'
import { type Pair, PairsInput, pairsToRecord } from '../editor/pairs-input.tsx'
import { ScriptField } from './script-field.tsx'

const actions = [
  { value: 'javascript', label: 'Run JavaScript', hint: 'With db, fetch and secrets.' },
  { value: 'http', label: 'Send a request', hint: 'To an address outside.' },
  { value: 'endpoint', label: 'Call an endpoint', hint: 'One of your own, from inside.' },
]
const overlaps = [
  { value: 'skip', label: 'Skip the next one' },
  { value: 'queue', label: 'Let the next one wait' },
  { value: 'parallel', label: 'Run them side by side', hint: 'At most five.' },
]
const missed = [
  { value: 'skip', label: 'Leave them out', hint: 'Also those that were cut off.' },
  { value: 'once', label: 'Make up for them once' },
  { value: 'all', label: 'Run them all', hint: 'The last twenty.' },
]
const named = (names: readonly string[]) => names.map((value) => ({ value, label: value }))

/** The form of a cron job; what its action needs is shown, and the next five times. */
export function CronFields() {
  const [actionType, schedule, timeZone] = useWatch({
    name: ['actionType', 'schedule', 'timeZone'],
  }) as string[]
  return (
    <>
      <TextField name="name" label="Name" autoComplete="off" />
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          name="schedule"
          label="Schedule"
          mono
          hint="Minute, hour, day of month, month, day of week."
        />
        <TextField name="timeZone" label="Time zone" hint="Such as Europe/Zurich or UTC." />
      </div>
      <NextRuns schedule={schedule ?? ''} timeZone={timeZone ?? ''} />
      <SelectField name="actionType" label="What it does" options={actions} />
      {actionType === 'javascript' && <ScriptField />}
      {actionType === 'http' && (
        <>
          <div className="grid gap-4 sm:grid-cols-[140px_minmax(0,1fr)]">
            <SelectField
              name="httpMethod"
              label="Method"
              options={named(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'])}
            />
            <TextField name="httpUrl" label="URL" type="url" mono placeholder="https://example.com/hook" />
          </div>
          <HeadersField />
          <TextareaField
            name="httpBody"
            label="Body"
            rows={4}
            mono
            hint="{{SHOP_KEY}} here or in a header stands for the secret of that name."
          />
        </>
      )}
      {actionType === 'endpoint' && (
        <div className="grid gap-4 sm:grid-cols-[140px_minmax(0,1fr)]">
          <SelectField name="endpointMethod" label="Method" options={named(endpointMethods)} />
          <TextField name="endpointPath" label="Path" mono placeholder="/api/products" />
        </div>
      )}
      <div className="grid gap-4 sm:grid-cols-2">
        <SelectField name="overlap" label="When a run is still going" options={overlaps} />
        <SelectField name="missedRuns" label="When runs were missed" options={missed} />
      </div>
      <NumberField name="timeoutMs" label="Time limit" unit="ms" step={1_000} />
      <SwitchField name="enabled" label="On" hint="Off: it runs only when you say so." />
    </>
  )
}

function HeadersField() {
  const { field, error } = useField('httpHeaders')
  // Pairs without a name are not part of the value yet, and must not go while one writes.
  const [pairs, setPairs] = useState(() =>
    Object.entries((field.value ?? {}) as Record<string, string>).map(([name, value]) => ({ name, value })),
  )
  const change = (next: Pair[]) => {
    setPairs(next)
    field.onChange(pairsToRecord(next))
  }
  return (
    <div>
      <PairsInput label="Headers" one="header" pairs={pairs} onChange={change} />
      {error !== undefined && (
        <p role="alert" className="mt-1 text-xs text-bad-ink">
          {error}
        </p>
      )}
    </div>
  )
}

function NextRuns(given: { schedule: string; timeZone: string }) {
  const schedule = useDeferredValue(given.schedule)
  const timeZone = useDeferredValue(given.timeZone)
  const preview = useQuery({
    queryKey: ['cron', 'preview', schedule, timeZone],
    queryFn: async ({ signal }) =>
      (await client.call(previewCron, { body: { schedule, timeZone } }, { signal })).data.nextRuns,
    enabled: schedule !== '' && timeZone !== '',
    retry: false,
  })
  if (preview.error) return <p className="text-xs text-bad-ink">{preview.error.message}</p>
  return (
    <div className="text-xs text-ink-muted">
      Next five runs, in your own time zone:
      <ol aria-label="Next runs" className="mt-1 min-h-25 list-inside list-decimal">
        {(preview.data ?? []).map((at) => (
          <li key={at}>
            <ExactTime at={at} />
          </li>
        ))}
      </ol>
    </div>
  )
}

import type { Endpoint } from '@holdfast/contracts/builder/endpoints'
import { Field, ToggleRow } from '../../../ui/field.tsx'
import { Input } from '../../../ui/input.tsx'
import { Switch } from '../../../ui/switch.tsx'

export interface RateLimitFieldsProps {
  value: Endpoint['rateLimit']
  disabled: boolean
  onChange: (limit: Endpoint['rateLimit']) => void
}

/** An endpoint's own limit, counted per caller; off until somebody wants one. */
export function RateLimitFields({ value, disabled, onChange }: RateLimitFieldsProps) {
  return (
    <>
      <ToggleRow
        label="Limit how often it is called"
        hint="Counted for each caller. Past it they get 429 and when to try again."
      >
        <Switch
          checked={value !== null}
          disabled={disabled}
          onCheckedChange={(on) => onChange(on ? { requestsMax: 60, windowSeconds: 60 } : null)}
        />
      </ToggleRow>
      {value && (
        <div className="grid max-w-100 gap-4 sm:grid-cols-2">
          <Field label="Calls">
            <Input
              type="number"
              min={1}
              max={1_000_000}
              value={value.requestsMax}
              disabled={disabled}
              onChange={(event) => onChange({ ...value, requestsMax: Number(event.target.value) })}
            />
          </Field>
          <Field label="In so many seconds">
            <Input
              type="number"
              min={1}
              max={86_400}
              value={value.windowSeconds}
              disabled={disabled}
              onChange={(event) => onChange({ ...value, windowSeconds: Number(event.target.value) })}
            />
          </Field>
        </div>
      )}
    </>
  )
}

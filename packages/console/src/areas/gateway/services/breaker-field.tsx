import { Checkbox } from '../../../ui/checkbox.tsx'
import { ToggleRow } from '../../../ui/field.tsx'
import { NumberField } from '../../../ui/form/fields.tsx'
import { useField } from '../../../ui/form/use-field.ts'

const usual = { failures: 5, openMs: 10_000 }

/** Whether the service is left alone for a while after failures, and how many it takes. */
export function BreakerField({ name }: { name: string }) {
  const { field } = useField(name)
  const isOn = field.value !== null && field.value !== undefined
  return (
    <div className="flex flex-col gap-3">
      <ToggleRow
        label="Circuit breaker"
        hint="After failures in a row the service is left alone; then one request may try again."
      >
        <Checkbox
          checked={isOn}
          onCheckedChange={(next) => field.onChange(next ? usual : null)}
          onBlur={field.onBlur}
          inputRef={field.ref}
        />
      </ToggleRow>
      {isOn && (
        <div className="grid gap-3 pl-6.5 sm:grid-cols-2">
          <NumberField name={`${name}.failures`} label="Failures in a row" />
          <NumberField name={`${name}.openMs`} label="Left alone for" unit="ms" />
        </div>
      )}
    </div>
  )
}

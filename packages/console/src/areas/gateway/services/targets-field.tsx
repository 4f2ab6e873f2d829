import { Plus, Trash2 } from 'lucide-react'
import { useFieldArray, useFormState } from 'react-hook-form'
import { Button } from '../../../ui/button.tsx'
import { IconButton } from '../../../ui/icon-button.tsx'
import { NumberField, TextField } from '../../../ui/form/fields.tsx'
import { messageOf } from '../form-errors.ts'

/** The addresses of a service and what share of the load each takes. */
export function TargetsField({ name }: { name: string }) {
  const { fields, append, remove } = useFieldArray({ name })
  const { errors } = useFormState({ name })
  const whole = messageOf(errors[name], { own: true })
  return (
    <fieldset className="min-w-0">
      <legend className="text-sm font-medium">Targets</legend>
      <p className="mb-2 text-xs text-ink-subtle">
        Requests are shared out by weight: 3 takes three times as many as 1, and 0 takes none.
      </p>
      <ul className="flex flex-col gap-2">
        {fields.map((field, index) => (
          <li key={field.id} className="flex items-start gap-2">
            <TextField
              name={`${name}.${index}.url`}
              label={`Address ${index + 1}`}
              type="url"
              mono
              autoComplete="off"
              placeholder="http://10.0.0.5:8080"
              className="flex-1"
            />
            <NumberField name={`${name}.${index}.weight`} label="Weight" className="w-24 [&_input]:w-full" />
            <IconButton
              icon={Trash2}
              label={`Remove address ${index + 1}`}
              className="mt-6"
              disabled={fields.length === 1}
              onClick={() => remove(index)}
            />
          </li>
        ))}
      </ul>
      {whole && <p className="mt-1 text-xs text-bad-ink">{whole}</p>}
      <Button
        kind="quiet"
        size="small"
        icon={Plus}
        className="mt-1"
        onClick={() => append({ url: '', weight: 1 })}
      >
        Add target
      </Button>
    </fieldset>
  )
}

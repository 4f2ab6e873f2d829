import { type EndpointMethod, endpointMethods } from '@holdfast/contracts/builder/endpoints'
import { useController } from 'react-hook-form'
import { Checkbox } from '../../../ui/checkbox.tsx'
import { MethodBadge } from '../method-badge.tsx'
import { methodWords } from '../strings.ts'

/** Which methods serve the new API. All of them share the same records. */
export function MethodChoice({ name }: { name: string }) {
  const { field, fieldState } = useController({ name })
  const chosen: EndpointMethod[] = field.value
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 text-sm font-medium">What can be done with it</legend>
      <ul className="grid gap-1 sm:grid-cols-2">
        {endpointMethods.map((method) => (
          <li key={method}>
            <label className="flex min-h-8 items-center gap-2 rounded-md px-1 text-sm">
              <Checkbox
                aria-label={`${method}: ${methodWords[method]}`}
                checked={chosen.includes(method)}
                onCheckedChange={(checked) =>
                  field.onChange(checked ? [...chosen, method] : chosen.filter((one) => one !== method))
                }
              />
              <MethodBadge method={method} />
              {methodWords[method]}
            </label>
          </li>
        ))}
      </ul>
      {fieldState.error?.message && (
        <p role="alert" className="mt-1 text-xs text-bad-ink">
          {fieldState.error.message}
        </p>
      )}
    </fieldset>
  )
}

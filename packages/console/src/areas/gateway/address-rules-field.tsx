import type { AddressRules } from '@holdfast/contracts/gateway/config'
import { Field } from '../../ui/field.tsx'
import { LinesInput } from '../../ui/lines-input.tsx'
import { OptionalPolicy } from './optional-policy.tsx'

const everybody: AddressRules = { allow: [], deny: [] }

/** From which addresses requests are taken. */
export function AddressRulesField({ name }: { name: string }) {
  return (
    <OptionalPolicy
      name={name}
      label="Limit by address"
      hint="Requests from elsewhere are answered 403."
      usual={everybody}
    >
      {(value, change) => (
        <>
          <Field
            label="Allowed"
            hint="One address or range on each line. Empty: everybody who is not denied."
          >
            <LinesInput
              placeholder="10.0.0.0/8"
              value={value.allow}
              onChange={(allow) => change({ allow })}
            />
          </Field>
          <Field label="Denied" hint="Goes before what is allowed.">
            <LinesInput placeholder="203.0.113.7" value={value.deny} onChange={(deny) => change({ deny })} />
          </Field>
        </>
      )}
    </OptionalPolicy>
  )
}

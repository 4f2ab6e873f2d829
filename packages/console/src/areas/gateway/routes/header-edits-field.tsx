import type { HeaderEdits } from '@holdfast/contracts/gateway/config'
import { Field } from '../../../ui/field.tsx'
import { LinesInput } from '../../../ui/lines-input.tsx'
import { OptionalPolicy } from '../optional-policy.tsx'
import { HeaderLinesInput } from './header-lines-input.tsx'

const none: HeaderEdits = { set: {}, remove: [] }

/** Headers that the gateway replaces, adds or takes away. */
export function HeaderEditsField({ name, label }: { name: string; label: string }) {
  return (
    <OptionalPolicy
      name={name}
      label={label}
      hint="Those that frame a message stay the gateway’s."
      usual={none}
    >
      {(value, change) => (
        <>
          <Field label="Set" hint="One on each line, such as X-Team: orders.">
            <HeaderLinesInput value={value.set} onChange={(set) => change({ set })} />
          </Field>
          <Field label="Remove" hint="One name on each line.">
            <LinesInput value={value.remove} onChange={(remove) => change({ remove })} />
          </Field>
        </>
      )}
    </OptionalPolicy>
  )
}

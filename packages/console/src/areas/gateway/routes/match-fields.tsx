import { gatewayMethods } from '@holdfast/contracts/gateway/config'
import type { ServiceEntity } from '@holdfast/contracts/gateway/services'
import { CheckboxField, TextField } from '../../../ui/form/fields.tsx'
import { NullableTextField } from '../../../ui/form/nullable-fields.tsx'
import { ComboboxField, SelectField } from '../../../ui/form/pick-fields.tsx'

const reaches = [
  { value: 'prefix', label: 'The path and everything below it' },
  { value: 'exact', label: 'The path alone' },
  { value: 'record', label: 'The path, and record ids below it' },
]
const methods = gatewayMethods.map((value) => ({ value, label: value }))

/** Which requests the route takes, and where they go. */
export function MatchFields({ services, isNew }: { services: readonly ServiceEntity[]; isNew: boolean }) {
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-[8rem_minmax(0,1fr)]">
        <SelectField name="method" label="Method" options={methods} />
        <TextField
          name="pathPattern"
          label="Path"
          mono
          autoComplete="off"
          autoFocus={isNew}
          placeholder="/orders/:id"
          hint=":id is one segment; a last * takes what is below only."
        />
      </div>
      <SelectField name="pathMatch" label="Takes" options={reaches} />
      <div className="grid gap-4 sm:grid-cols-2">
        <ComboboxField
          name="serviceId"
          label="Service"
          placeholder="Choose a service"
          options={services.map(({ id, name, targetUrl }) => ({ value: id, label: name, hint: targetUrl }))}
        />
        <NullableTextField
          name="host"
          label="Host"
          mono
          placeholder="api.example.com"
          hint="Empty: any. A route that names the host wins over one that does not."
        />
      </div>
      <div className="grid gap-4 sm:grid-cols-2">
        <CheckboxField
          name="authRequired"
          label="Asks for a key"
          hint="A consumer’s key, or the access token of a member of this organization."
        />
        <CheckboxField name="enabled" label="On" hint="Off: it takes no requests." />
      </div>
    </>
  )
}

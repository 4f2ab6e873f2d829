import { CheckboxField, NumberField } from '../../../ui/form/fields.tsx'
import { NullableNumberField } from '../../../ui/form/nullable-fields.tsx'
import { AddressRulesField } from '../address-rules-field.tsx'
import { CorsField } from './cors-field.tsx'
import { HeaderEditsField } from './header-edits-field.tsx'

/** Everything that a route asks of a request and does to it. */
export function PolicyFields() {
  return (
    <>
      <fieldset className="flex flex-col gap-4 border-t border-line pt-4">
        <legend className="sr-only">Limits</legend>
        <div className="grid gap-4 sm:grid-cols-2">
          <NullableNumberField
            name="rateLimitOverride"
            label="Requests a minute"
            hint="For each consumer, or address without a key, on this route alone. Empty: the tier’s."
          />
          <NullableNumberField
            name="bodySizeBytesMax"
            label="Largest body"
            unit="bytes"
            hint="Empty: as in the settings."
          />
          <NullableNumberField name="timeoutMs" label="Timeout" unit="ms" hint="Empty: the service’s." />
          <NumberField
            name="retries"
            label="Retries"
            hint="Further attempts for requests that may be repeated, such as GET."
          />
        </div>
        <CheckboxField
          name="stripPrefix"
          label="Strip the prefix"
          hint="The segments that the pattern names are taken off before the path is forwarded."
        />
      </fieldset>
      <CorsField name="cors" />
      <AddressRulesField name="addresses" />
      <HeaderEditsField name="requestHeaders" label="Change request headers" />
      <HeaderEditsField name="responseHeaders" label="Change response headers" />
    </>
  )
}

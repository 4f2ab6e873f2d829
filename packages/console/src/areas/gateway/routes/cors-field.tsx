import type { CorsPolicy } from '@holdfast/contracts/gateway/config'
import { Checkbox } from '../../../ui/checkbox.tsx'
import { Field, ToggleRow } from '../../../ui/field.tsx'
import { Input } from '../../../ui/input.tsx'
import { LinesInput } from '../../../ui/lines-input.tsx'
import { OptionalPolicy } from '../optional-policy.tsx'

const usual: CorsPolicy = {
  origins: ['*'],
  methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
  headers: [],
  exposed: [],
  credentials: false,
  maxAgeSeconds: 600,
}

/** Which pages of other origins a browser lets read the answers. */
export function CorsField({ name }: { name: string }) {
  return (
    <OptionalPolicy
      name={name}
      label="Answer browsers of other origins (CORS)"
      hint="The gateway answers preflight requests itself and writes the CORS headers."
      usual={usual}
    >
      {(value, change) => (
        <>
          <Field label="Origins" hint="One on each line: https://shop.example.com, *.example.com, or *.">
            <LinesInput value={value.origins} onChange={(origins) => change({ origins })} />
          </Field>
          <Field label="Methods">
            <LinesInput value={value.methods} onChange={(methods) => change({ methods })} />
          </Field>
          <Field label="Request headers" hint="Empty: whatever the browser asks for.">
            <LinesInput value={value.headers} onChange={(headers) => change({ headers })} />
          </Field>
          <Field label="Response headers that pages may read">
            <LinesInput value={value.exposed} onChange={(exposed) => change({ exposed })} />
          </Field>
          <Field label="Kept by browsers for" hint="Seconds.">
            <Input
              type="number"
              min={0}
              max={86_400}
              className="w-32"
              value={value.maxAgeSeconds}
              onChange={(event) => change({ maxAgeSeconds: Number(event.target.value) })}
            />
          </Field>
          <ToggleRow label="With credentials" hint="Cookies and keys; the origins must then be named.">
            <Checkbox
              checked={value.credentials}
              onCheckedChange={(credentials) => change({ credentials })}
            />
          </ToggleRow>
        </>
      )}
    </OptionalPolicy>
  )
}

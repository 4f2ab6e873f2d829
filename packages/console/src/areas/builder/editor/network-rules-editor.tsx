import type { NetworkAccess } from '@holdfast/contracts/builder/endpoint-groups'
import { Field, ToggleRow } from '../../../ui/field.tsx'
import { Switch } from '../../../ui/switch.tsx'
import { LinesInput } from '../../../ui/lines-input.tsx'

export interface NetworkRulesEditorProps {
  rules: NetworkAccess
  onChange: (rules: NetworkAccess) => void
  hint: string
  disabled: boolean
  error?: string | undefined
  /** What the server says about single lines. */
  domainError?: string | undefined
  rangeError?: string | undefined
}

/** From where something may be called: domains and addresses, one per line. */
export function NetworkRulesEditor(props: NetworkRulesEditorProps) {
  const { rules, onChange, disabled } = props
  return (
    <div className="flex flex-col gap-4">
      <ToggleRow label="Only from certain places" hint={props.hint} error={props.error}>
        <Switch
          checked={rules.enabled}
          disabled={disabled}
          onCheckedChange={(enabled) => onChange({ ...rules, enabled })}
        />
      </ToggleRow>
      {rules.enabled && (
        <div className="grid gap-4 sm:grid-cols-2">
          <Field
            label="Domains"
            optional
            error={props.domainError}
            hint="One per line: app.example.com, or *.example.com for the domain and everything under it. Compared with Origin, Referer, then Host."
          >
            <LinesInput
              value={rules.allowedDomains}
              disabled={disabled}
              placeholder="*.example.com"
              onChange={(allowedDomains) => onChange({ ...rules, allowedDomains })}
            />
          </Field>
          <Field
            label="Addresses and ranges"
            optional
            error={props.rangeError}
            hint="One per line, IPv4 or IPv6: 203.0.113.7, 10.0.0.0/8, 2001:db8::/32."
          >
            <LinesInput
              value={rules.allowedIpRanges}
              disabled={disabled}
              placeholder="10.0.0.0/8"
              onChange={(allowedIpRanges) => onChange({ ...rules, allowedIpRanges })}
            />
          </Field>
        </div>
      )}
    </div>
  )
}

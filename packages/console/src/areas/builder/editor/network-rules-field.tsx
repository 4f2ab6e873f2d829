import type { NetworkAccess } from '@holdfast/contracts/builder/endpoint-groups'
import { useController } from 'react-hook-form'
import { NetworkRulesEditor } from './network-rules-editor.tsx'

export interface NetworkRulesFieldProps {
  name: string
  hint: string
  disabled: boolean
}

/** Network rules as a field of a form. */
export function NetworkRulesField({ name, hint, disabled }: NetworkRulesFieldProps) {
  const { field, fieldState } = useController({ name })
  const rules: NetworkAccess = field.value
  return (
    <NetworkRulesEditor
      rules={rules}
      onChange={field.onChange}
      hint={hint}
      disabled={disabled}
      error={fieldState.error?.message}
    />
  )
}

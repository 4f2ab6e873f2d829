import { permissionCatalogue } from '@holdfast/contracts/permissions'
import { useController } from 'react-hook-form'
import { Checkbox } from '../../ui/checkbox.tsx'
import { ToggleRow } from '../../ui/field.tsx'
import { describePermission } from './permissions.ts'

/** The permissions of a group, each with what it allows. */
export function PermissionField({ name, disabled = false }: { name: string; disabled?: boolean }) {
  const { field } = useController({ name })
  const held: readonly string[] = Array.isArray(field.value) ? field.value : []
  const known = [...new Set([...Object.keys(permissionCatalogue), ...held])]
  const toggle = (permission: string, on: boolean) =>
    field.onChange(on ? [...held, permission] : held.filter((other) => other !== permission))
  return (
    <fieldset className="flex flex-col gap-3">
      <legend className="mb-2 text-sm font-medium">Permissions</legend>
      {known.map((permission) => (
        <ToggleRow
          key={permission}
          label={describePermission(permission).label}
          hint={describePermission(permission).meaning}
        >
          <Checkbox
            checked={held.includes(permission)}
            disabled={disabled}
            onCheckedChange={(on) => toggle(permission, on)}
          />
        </ToggleRow>
      ))}
    </fieldset>
  )
}

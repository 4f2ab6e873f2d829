import { useQuery } from '@tanstack/react-query'
import { Checkbox } from '../../../ui/checkbox.tsx'
import { MultiCombobox } from '../../../ui/combobox.tsx'
import { Field, ToggleRow } from '../../../ui/field.tsx'
import { Textarea } from '../../../ui/textarea.tsx'
import { groupsQuery } from '../../identity/queries.ts'
import type { DraftField } from './draft.ts'
import { FieldDefault } from './field-default.tsx'
import { FieldLimitInputs } from './field-limit-inputs.tsx'
import { ReferenceTarget } from './reference-target.tsx'
import { useSchemaEditor } from './schema-context.ts'

/** Everything about a field that is not its name and type. */
export function FieldDetails({ field }: { field: DraftField }) {
  const editor = useSchemaEditor()
  const isTop = editor.levelOf(field.key) === 1
  const isSimple = !['object', 'array', 'json'].includes(field.type)
  const set = (changes: Partial<DraftField>) => editor.update(field.key, changes)
  const disabled = editor.readOnly
  return (
    <div className="grid gap-4 border-t border-line p-3 sm:grid-cols-2">
      <Field
        label="Description"
        optional
        hint="Shown in the documentation and beside the form."
        className="sm:col-span-2"
      >
        <Textarea
          rows={2}
          maxLength={1_000}
          value={field.description}
          disabled={disabled}
          onChange={(event) => set({ description: event.target.value })}
        />
      </Field>
      {field.type === 'reference' && (
        <ReferenceTarget
          value={field.refEndpointId}
          disabled={disabled}
          onChange={(refEndpointId) => set({ refEndpointId })}
        />
      )}
      <FieldDefault field={field} disabled={disabled} onChange={(defaultText) => set({ defaultText })} />
      <FieldLimitInputs field={field} disabled={disabled} onChange={set} />
      {field.type === 'string' && (
        <Field
          label="Choices"
          optional
          hint="One per line. Given, no other text is accepted."
          className="sm:col-span-2"
        >
          <Textarea
            mono
            rows={2}
            disabled={disabled}
            defaultValue={field.choices?.join('\n') ?? ''}
            onChange={(event) => {
              const choices = event.target.value
                .split('\n')
                .map((line) => line.trim())
                .filter(Boolean)
              set({ choices: choices.length > 0 ? choices : null })
            }}
          />
        </Field>
      )}
      {isTop && isSimple && (
        <>
          <ToggleRow
            label="Unique"
            hint="No two records may hold the same value. Existing records are checked first."
          >
            <Checkbox
              checked={field.unique}
              disabled={disabled}
              onCheckedChange={(unique) => set({ unique })}
            />
          </ToggleRow>
          <ToggleRow
            label="Indexed"
            hint="Filters and sorts on it stay fast. Built in the background; writers do not wait."
          >
            <Checkbox
              checked={field.indexed}
              disabled={disabled}
              onCheckedChange={(indexed) => set({ indexed })}
            />
          </ToggleRow>
        </>
      )}
      <ToggleRow
        label="Hidden"
        hint="Can be written, and never appears in answers, filters or examples."
        className="sm:col-span-2"
      >
        <Checkbox checked={field.hidden} disabled={disabled} onCheckedChange={(hidden) => set({ hidden })} />
      </ToggleRow>
      <GroupRule
        label="Who may read it"
        value={field.readGroupIds}
        disabled={disabled}
        onChange={(readGroupIds) => set({ readGroupIds })}
      />
      <GroupRule
        label="Who may write it"
        value={field.writeGroupIds}
        disabled={disabled}
        onChange={(writeGroupIds) => set({ writeGroupIds })}
      />
      {field.id && (
        <p className="text-xs text-ink-subtle sm:col-span-2">
          Renaming keeps every value: the field is known by its identity, not by its name.
        </p>
      )}
    </div>
  )
}

function GroupRule(props: {
  label: string
  value: readonly string[]
  disabled: boolean
  onChange: (ids: string[]) => void
}) {
  const groups = useQuery(groupsQuery)
  return (
    <Field label={props.label} hint="Empty: everybody who may call the endpoint.">
      <MultiCombobox
        options={(groups.data ?? []).map((group) => ({
          value: group.id,
          label: group.name,
          hint: group.description,
        }))}
        value={props.value}
        onChange={props.onChange}
        disabled={props.disabled}
        placeholder="Everybody"
      />
    </Field>
  )
}

import { useSortable } from '@dnd-kit/sortable'
import { type FieldType, fieldLimits, fieldTypes } from '@holdfast/contracts/builder/fields'
import { ChevronDown, ChevronRight, GripVertical, Plus, Trash2 } from 'lucide-react'
import type { ReactNode } from 'react'
import { classNames } from '../../../lib/class-names.ts'
import { Badge } from '../../../ui/badge.tsx'
import { Button } from '../../../ui/button.tsx'
import { Checkbox } from '../../../ui/checkbox.tsx'
import { IconButton } from '../../../ui/icon-button.tsx'
import { Input } from '../../../ui/input.tsx'
import { Select } from '../../../ui/select.tsx'
import { typeWords } from '../strings.ts'
import { type DraftField, nests } from './draft.ts'
import { FieldDetails } from './field-details.tsx'
import { useSchemaEditor } from './schema-context.ts'
import { TypeIcon } from './type-icon.tsx'

const typeOptions = fieldTypes.map((value) => ({ value, ...typeWords[value] }))

/** One field: its handle, name, type and whether it is required; the rest behind the arrow, its own fields (`children`) under it. */
export function FieldRow({ field, children }: { field: DraftField; children?: ReactNode }) {
  const editor = useSchemaEditor()
  const { readOnly } = editor
  const sortable = useSortable({ id: field.key, disabled: readOnly })
  const open = editor.openKey === field.key
  const issue = editor.issues.get(field.key)
  const name = field.name || 'unnamed field'
  const mayNest = nests(field.type) && editor.levelOf(field.key) < fieldLimits.depthMax
  const { transform } = sortable
  return (
    <li
      ref={sortable.setNodeRef}
      // Only up and down: a list has no sideways.
      style={transform ? { transform: `translateY(${transform.y}px)`, transition: sortable.transition } : {}}
      className={classNames('relative', sortable.isDragging && 'z-10 opacity-80')}
    >
      <div className={classNames('rounded-md border bg-surface', issue ? 'border-bad' : 'border-line')}>
        <div className="flex items-center gap-1.5 p-1.5 max-sm:flex-wrap">
          <button
            type="button"
            {...sortable.attributes}
            {...sortable.listeners}
            aria-label={`Move ${name}`}
            className="flex size-7 shrink-0 touch-none items-center justify-center rounded-md text-ink-subtle hover:bg-hover hover:text-ink pointer-coarse:size-10"
          >
            <GripVertical aria-hidden className="size-4" />
          </button>
          <TypeIcon type={field.type} />
          <Input
            mono
            className="min-w-0 flex-1 max-sm:basis-40"
            aria-label="Name of the field"
            placeholder="name"
            data-field-name={field.key}
            maxLength={fieldLimits.nameLengthMax}
            value={field.name}
            disabled={readOnly}
            aria-invalid={issue ? true : undefined}
            onChange={(event) => editor.update(field.key, { name: event.target.value })}
          />
          <Select<FieldType>
            aria-label={`Type of ${name}`}
            className="w-36 shrink-0 max-sm:w-auto max-sm:min-w-28 max-sm:flex-1"
            options={typeOptions}
            value={field.type}
            disabled={readOnly}
            onChange={(type) => editor.update(field.key, { type, defaultText: '' })}
          />
          <label className="flex h-8 shrink-0 items-center gap-1.5 px-1.5 text-xs text-ink-muted">
            <Checkbox
              aria-label={`${name} is required`}
              checked={field.required}
              disabled={readOnly}
              onCheckedChange={(required) => editor.update(field.key, { required })}
            />
            Required
          </label>
          <span className="ml-auto flex shrink-0">
            {!readOnly && (
              <IconButton
                icon={Trash2}
                size="small"
                label={`Remove ${name}`}
                onClick={() => editor.remove(field.key)}
              />
            )}
            <IconButton
              icon={open ? ChevronDown : ChevronRight}
              size="small"
              label={open ? `Close the details of ${name}` : `Details of ${name}`}
              aria-expanded={open}
              onClick={() => editor.setOpenKey(open ? null : field.key)}
            />
          </span>
        </div>
        <Flags field={field} />
        {issue && (
          <p role="alert" className="px-3 pb-2 text-xs text-bad-ink">
            {issue}
          </p>
        )}
        {open && <FieldDetails field={field} />}
      </div>
      {nests(field.type) && (field.children.length > 0 || (mayNest && !readOnly)) && (
        <div className="mt-1.5 ml-4 flex flex-col gap-1.5 border-l border-line pl-3 max-sm:ml-1.5 max-sm:pl-1.5">
          {children}
          {mayNest && !readOnly && (
            <Button
              kind="quiet"
              size="small"
              icon={Plus}
              className="self-start"
              onClick={() => editor.add(field.key)}
            >
              {field.type === 'array' ? `Add a field to the items of ${name}` : `Add a field to ${name}`}
            </Button>
          )}
        </div>
      )}
    </li>
  )
}

/** What is special about a field, visible without opening it. */
function Flags({ field }: { field: DraftField }) {
  const flags = [
    field.unique && 'Unique',
    field.indexed && 'Indexed',
    field.hidden && 'Hidden',
    field.readGroupIds.length > 0 && 'Read by groups',
    field.writeGroupIds.length > 0 && 'Written by groups',
  ].filter((flag) => flag !== false)
  if (flags.length === 0 && !field.description) return null
  return (
    <div className="flex flex-wrap items-center gap-1.5 px-3 pb-2 pl-10">
      {flags.map((flag) => (
        <Badge key={flag} tone={flag === 'Hidden' ? 'warn' : 'neutral'}>
          {flag}
        </Badge>
      ))}
      {field.description && (
        <span className="min-w-0 truncate text-xs text-ink-subtle">{field.description}</span>
      )}
    </div>
  )
}

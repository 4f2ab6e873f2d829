import { Popover } from '@base-ui/react/popover'
import type { Field } from '@holdfast/contracts/builder/fields'
import { ListFilter, Search, X } from 'lucide-react'
import { useEffect, useEffectEvent, useState } from 'react'
import { classNames } from '../../../lib/class-names.ts'
import { Button, buttonClass } from '../../../ui/button.tsx'
import { Input } from '../../../ui/input.tsx'
import { popupClass } from '../../../ui/popup.ts'
import { ConditionForm } from './condition-form.tsx'
import { filterableFields } from './filterable-fields.ts'
import { operatorWords } from './operator-words.ts'
import { type Condition, conditionsMax, isPlainView, type RecordsView } from './view.ts'

const typingPauseMs = 300

export interface RecordFiltersProps {
  fields: readonly Field[]
  view: RecordsView
  onChange: (view: RecordsView) => void
}

/** Search and conditions, each a chip; the address holds all of them. */
export function RecordFilters({ fields, view, onChange }: RecordFiltersProps) {
  const where = view.where ?? []
  const choices = filterableFields(fields)
  const setWhere = (next: Condition[]) => {
    const { where: before, ...rest } = view
    void before
    onChange({ ...rest, ...(next.length > 0 ? { where: next } : {}) })
  }
  const hasText = fields.length === 0 || choices.some((field) => field.type === 'string')
  return (
    <div role="search" aria-label="Filters" className="mb-1 flex flex-wrap items-center gap-2">
      {hasText && (
        <SearchText
          value={view.search ?? ''}
          onChange={(search) => {
            const { search: before, ...rest } = view
            void before
            onChange({ ...rest, ...(search ? { search } : {}) })
          }}
        />
      )}
      {where.map((condition, index) => (
        <ConditionChip
          key={`${index} ${condition.join(' ')}`}
          condition={condition}
          choices={choices}
          onChange={(next) => setWhere(where.map((one, at) => (at === index ? next : one)))}
          onRemove={() => setWhere(where.filter((_, at) => at !== index))}
        />
      ))}
      {choices.length > 0 && where.length < conditionsMax && (
        <ConditionPopover
          choices={choices}
          onDone={(condition) => setWhere([...where, condition])}
          trigger={
            <Popover.Trigger
              className={classNames(buttonClass('quiet'), 'border border-dashed border-line-strong')}
            >
              <ListFilter aria-hidden className="size-4" />
              Filter
            </Popover.Trigger>
          }
        />
      )}
      {!isPlainView(view) && (
        <Button kind="quiet" icon={X} onClick={() => onChange({})}>
          Clear
        </Button>
      )}
    </div>
  )
}

interface ChipProps {
  condition: Condition
  choices: ReturnType<typeof filterableFields>
  onChange: (condition: Condition) => void
  onRemove: () => void
}

function ConditionChip({ condition, choices, onChange, onRemove }: ChipProps) {
  const [field, operator, value] = condition
  const words =
    operator === 'exists' ? (value === 'false' ? 'has no value' : 'has a value') : operatorWords[operator]
  return (
    <span className="inline-flex h-8 max-w-full items-center rounded-md border border-line-strong bg-surface text-sm pointer-coarse:h-10">
      <ConditionPopover
        choices={choices}
        initial={condition}
        onDone={onChange}
        trigger={
          <Popover.Trigger className="flex h-full min-w-0 items-center gap-1 rounded-l-md px-2 hover:bg-hover">
            <span className="font-mono text-xs">{field}</span>
            <span className="text-ink-muted">{words}</span>
            {operator !== 'exists' && <span className="truncate font-medium">{value}</span>}
          </Popover.Trigger>
        }
      />
      <button
        type="button"
        aria-label={`Remove the filter on ${field}`}
        onClick={onRemove}
        className="flex h-full w-7 items-center justify-center rounded-r-md text-ink-subtle hover:bg-hover hover:text-ink"
      >
        <X aria-hidden className="size-3.5" />
      </button>
    </span>
  )
}

interface ConditionPopoverProps {
  choices: ReturnType<typeof filterableFields>
  initial?: Condition
  onDone: (condition: Condition) => void
  trigger: React.ReactElement
}

function ConditionPopover({ choices, initial, onDone, trigger }: ConditionPopoverProps) {
  const [open, setOpen] = useState(false)
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      {trigger}
      <Popover.Portal>
        <Popover.Positioner sideOffset={6} align="start" className="z-40 outline-hidden">
          <Popover.Popup className={classNames(popupClass, 'w-[min(22rem,calc(100vw-24px))] p-3')}>
            <Popover.Title className="sr-only">Filter</Popover.Title>
            <ConditionForm
              choices={choices}
              {...(initial ? { initial } : {})}
              onDone={(condition) => {
                setOpen(false)
                onDone(condition)
              }}
            />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}

function SearchText({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  const [typed, setTyped] = useState(value)
  const [seen, setSeen] = useState(value)
  // The address changed under us (Clear, or the back button): follow it.
  if (seen !== value) {
    setSeen(value)
    setTyped(value)
  }
  const apply = useEffectEvent(() => {
    if (typed !== value) onChange(typed)
  })
  useEffect(() => {
    const timer = setTimeout(() => apply(), typingPauseMs)
    return () => clearTimeout(timer)
  }, [typed])
  return (
    <Input
      type="search"
      icon={Search}
      className="w-full sm:w-64"
      aria-label="Search the text of all fields"
      placeholder="Search the text of all fields"
      maxLength={200}
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
    />
  )
}

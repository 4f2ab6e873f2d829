import { Select as Base } from '@base-ui/react/select'
import { Check, ChevronsUpDown } from 'lucide-react'
import { classNames } from '../lib/class-names.ts'
import { controlClass } from './field.tsx'
import { listItemClass, popupClass } from './popup.ts'

export interface SelectOption<Value extends string> {
  value: Value
  label: string
  /** One line under the label that says what choosing this means. */
  hint?: string
  disabled?: boolean
}

export interface SelectProps<Value extends string> {
  options: readonly SelectOption<Value>[]
  value: Value | null
  onChange: (value: Value) => void
  placeholder?: string
  name?: string
  disabled?: boolean
  className?: string
  'aria-label'?: string
  inputRef?: React.Ref<HTMLInputElement>
  onBlur?: () => void
}

/** One of a short, known list. Past about ten options use `Combobox`, which can be searched. */
export function Select<Value extends string>(props: SelectProps<Value>) {
  const { options, value, onChange, placeholder = 'Choose', className, inputRef, onBlur, ...rest } = props
  return (
    <Base.Root<Value>
      items={options}
      value={value}
      onValueChange={(next) => next !== null && onChange(next)}
      {...(rest.name ? { name: rest.name } : {})}
      {...(inputRef ? { inputRef } : {})}
      disabled={rest.disabled ?? false}
    >
      <Base.Trigger
        aria-label={rest['aria-label']}
        onBlur={onBlur}
        className={classNames(
          controlClass,
          'flex items-center justify-between gap-2 text-left',
          className ?? 'w-full',
        )}
      >
        <Base.Value placeholder={placeholder} className="truncate data-placeholder:text-ink-subtle" />
        <Base.Icon>
          <ChevronsUpDown aria-hidden className="size-3.5 text-ink-subtle" />
        </Base.Icon>
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner sideOffset={4} alignItemWithTrigger={false} className="z-50 outline-hidden">
          <Base.Popup className={classNames(popupClass, 'min-w-(--anchor-width)')}>
            <Base.List className="max-h-(--available-height) overflow-y-auto p-1">
              {options.map((option) => (
                <Base.Item
                  key={option.value}
                  value={option.value}
                  disabled={option.disabled ?? false}
                  className={listItemClass}
                >
                  <span className="flex w-4 shrink-0">
                    <Base.ItemIndicator>
                      <Check aria-hidden className="size-4 text-accent-ink" />
                    </Base.ItemIndicator>
                  </span>
                  <span className="min-w-0">
                    <Base.ItemText className="block">{option.label}</Base.ItemText>
                    {option.hint && <span className="block text-xs text-ink-subtle">{option.hint}</span>}
                  </span>
                </Base.Item>
              ))}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

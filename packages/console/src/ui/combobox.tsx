import { Combobox as Base } from '@base-ui/react/combobox'
import { Check, ChevronsUpDown, X } from 'lucide-react'
import { classNames } from '../lib/class-names.ts'
import { controlClass } from './field.tsx'
import { listItemClass, popupClass } from './popup.ts'

export interface ComboboxOption {
  value: string
  label: string
  hint?: string
}

interface ComboboxBaseProps {
  options: readonly ComboboxOption[]
  /** Names it where no label stands beside it. */
  label?: string
  placeholder?: string
  disabled?: boolean
  /** Called with what is typed, to fetch options from the server; without it the given options are filtered. */
  onSearch?: (text: string) => void
  emptyText?: string
  inputRef?: React.Ref<HTMLInputElement>
  onBlur?: () => void
}

export interface ComboboxProps extends ComboboxBaseProps {
  value: string | null
  onChange: (value: string | null) => void
}

function OptionList({ emptyText }: { emptyText: string }) {
  return (
    <Base.Portal>
      <Base.Positioner sideOffset={4} className="z-50 outline-hidden">
        <Base.Popup className={classNames(popupClass, 'w-(--anchor-width) min-w-48')}>
          <Base.Empty>
            <div className="px-3 py-2 text-sm text-ink-subtle">{emptyText}</div>
          </Base.Empty>
          <Base.List className="max-h-[min(20rem,var(--available-height))] overflow-y-auto p-1 data-empty:p-0">
            {(option: ComboboxOption) => (
              <Base.Item key={option.value} value={option} className={listItemClass}>
                <span className="flex w-4 shrink-0">
                  <Base.ItemIndicator>
                    <Check aria-hidden className="size-4 text-accent-ink" />
                  </Base.ItemIndicator>
                </span>
                <span className="min-w-0">
                  <span className="block truncate">{option.label}</span>
                  {option.hint && (
                    <span className="block truncate text-xs text-ink-subtle">{option.hint}</span>
                  )}
                </span>
              </Base.Item>
            )}
          </Base.List>
        </Base.Popup>
      </Base.Positioner>
    </Base.Portal>
  )
}

const same = (left: ComboboxOption, right: ComboboxOption) => left.value === right.value

/** One of many, found by typing. */
export function Combobox(props: ComboboxProps) {
  const {
    options,
    value,
    onChange,
    placeholder,
    disabled = false,
    onSearch,
    emptyText = 'Nothing matches.',
  } = props
  const selected =
    options.find((option) => option.value === value) ?? (value ? { value, label: value } : null)
  return (
    <Base.Root<ComboboxOption>
      items={options}
      value={selected}
      onValueChange={(option) => onChange(option?.value ?? null)}
      isItemEqualToValue={same}
      disabled={disabled}
      {...(onSearch ? { filter: null, onInputValueChange: onSearch } : {})}
    >
      <Base.InputGroup className="relative">
        <Base.Input
          ref={props.inputRef}
          onBlur={props.onBlur}
          aria-label={props.label}
          placeholder={placeholder}
          className={classNames(controlClass, 'w-full pr-14')}
        />
        <div className="absolute inset-y-0 right-1 flex items-center text-ink-subtle">
          <Base.Clear
            aria-label="Clear the choice"
            className="flex size-6 items-center justify-center hover:text-ink"
          >
            <X aria-hidden className="size-3.5" />
          </Base.Clear>
          <Base.Trigger
            aria-label="Show the options"
            className="flex size-6 items-center justify-center hover:text-ink"
          >
            <ChevronsUpDown aria-hidden className="size-3.5" />
          </Base.Trigger>
        </div>
      </Base.InputGroup>
      <OptionList emptyText={emptyText} />
    </Base.Root>
  )
}

export interface MultiComboboxProps extends ComboboxBaseProps {
  value: readonly string[]
  onChange: (value: string[]) => void
}

/** Several of many, shown as chips; Backspace takes the last one away. */
export function MultiCombobox(props: MultiComboboxProps) {
  const {
    options,
    value,
    onChange,
    placeholder,
    disabled = false,
    onSearch,
    emptyText = 'Nothing matches.',
  } = props
  const selected = value.map(
    (item) => options.find((option) => option.value === item) ?? { value: item, label: item },
  )
  return (
    <Base.Root<ComboboxOption, true>
      items={options}
      multiple
      value={selected}
      onValueChange={(chosen) => onChange(chosen.map((option) => option.value))}
      isItemEqualToValue={same}
      disabled={disabled}
      {...(onSearch ? { filter: null, onInputValueChange: onSearch } : {})}
    >
      <Base.InputGroup>
        <Base.Chips
          className={classNames(
            controlClass,
            'flex h-auto min-h-8 w-full flex-wrap items-center gap-1 px-1 py-0.5 pointer-coarse:h-auto',
            'focus-within:outline-2 focus-within:-outline-offset-1 focus-within:outline-accent',
          )}
        >
          {selected.map((option) => (
            <Base.Chip
              key={option.value}
              className="flex h-6 items-center gap-0.5 rounded-sm bg-sunken pl-2 text-xs data-highlighted:bg-accent-soft"
            >
              {option.label}
              <Base.ChipRemove
                aria-label={`Remove ${option.label}`}
                className="flex size-6 items-center justify-center text-ink-subtle hover:text-ink"
              >
                <X aria-hidden className="size-3" />
              </Base.ChipRemove>
            </Base.Chip>
          ))}
          <Base.Input
            ref={props.inputRef}
            onBlur={props.onBlur}
            placeholder={selected.length === 0 ? placeholder : ''}
            className="h-6 min-w-16 flex-1 bg-transparent px-1.5 text-sm outline-none placeholder:text-ink-subtle pointer-coarse:h-8 pointer-coarse:text-lg"
          />
        </Base.Chips>
      </Base.InputGroup>
      <OptionList emptyText={emptyText} />
    </Base.Root>
  )
}

import { Menu as Base } from '@base-ui/react/menu'
import { Check, type LucideIcon } from 'lucide-react'
import type { ReactElement, ReactNode } from 'react'
import { classNames } from '../lib/class-names.ts'
import { Kbd } from './kbd.tsx'
import { groupLabelClass, listItemClass, popupClass } from './popup.ts'

export interface MenuProps {
  /** The button that opens it. */
  trigger: ReactElement
  align?: 'start' | 'end'
  children: ReactNode
}

/** A list of actions behind a button. */
export function Menu({ trigger, align = 'end', children }: MenuProps) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner sideOffset={4} align={align} className="z-50 outline-hidden">
          <Base.Popup className={classNames(popupClass, 'min-w-44 p-1')}>{children}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

export interface MenuItemProps {
  icon?: LucideIcon
  shortcut?: string
  danger?: boolean
  disabled?: boolean
  onSelect: () => void
  children: ReactNode
}

/** One action. A dangerous one is red and still asks before it does anything. */
export function MenuItem({
  icon: Icon,
  shortcut,
  danger,
  disabled = false,
  onSelect,
  children,
}: MenuItemProps) {
  return (
    <Base.Item
      onClick={onSelect}
      disabled={disabled}
      className={classNames(listItemClass, danger && 'text-bad-ink')}
    >
      {Icon && <Icon aria-hidden className="size-4 text-ink-subtle" />}
      <span className="flex-1">{children}</span>
      {shortcut && <Kbd keys={shortcut} />}
    </Base.Item>
  )
}

export interface MenuChoiceProps<Value extends string> {
  label: string
  value: Value
  options: ReadonlyArray<{ value: Value; label: string; icon?: LucideIcon }>
  onChange: (value: Value) => void
}

/** One of several, inside a menu (the theme, the density). */
export function MenuChoice<Value extends string>({
  label,
  value,
  options,
  onChange,
}: MenuChoiceProps<Value>) {
  return (
    <Base.RadioGroup value={value} onValueChange={(next: Value) => onChange(next)}>
      <Base.GroupLabel className={groupLabelClass}>{label}</Base.GroupLabel>
      {options.map(({ value: option, label: text, icon: Icon }) => (
        <Base.RadioItem key={option} value={option} className={listItemClass}>
          {Icon && <Icon aria-hidden className="size-4 text-ink-subtle" />}
          <span className="flex-1">{text}</span>
          <Base.RadioItemIndicator>
            <Check aria-hidden className="size-4 text-accent-ink" />
          </Base.RadioItemIndicator>
        </Base.RadioItem>
      ))}
    </Base.RadioGroup>
  )
}

/** A line that can be ticked without closing the menu (the column chooser). */
export function MenuCheckbox(props: {
  checked: boolean
  onChange: (checked: boolean) => void
  children: ReactNode
}) {
  return (
    <Base.CheckboxItem checked={props.checked} onCheckedChange={props.onChange} className={listItemClass}>
      <span className="flex w-4 shrink-0">
        <Base.CheckboxItemIndicator>
          <Check aria-hidden className="size-4 text-accent-ink" />
        </Base.CheckboxItemIndicator>
      </span>
      {props.children}
    </Base.CheckboxItem>
  )
}

/** A line between groups of actions. */
export function MenuSeparator() {
  return <Base.Separator className="mx-1 my-1 h-px bg-line" />
}

/** What the menu is about, above its actions. */
export function MenuHeading({ children }: { children: ReactNode }) {
  return <div className="px-2 py-1.5">{children}</div>
}

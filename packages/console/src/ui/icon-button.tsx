import { Button as BaseButton } from '@base-ui/react/button'
import type { LucideIcon } from 'lucide-react'
import type { ComponentProps } from 'react'
import { classNames } from '../lib/class-names.ts'
import { Tooltip } from './tooltip.tsx'

export interface IconButtonProps extends Omit<ComponentProps<typeof BaseButton>, 'className' | 'children'> {
  icon: LucideIcon
  /** What the button does; the accessible name and the tooltip. */
  label: string
  size?: 'small' | 'medium'
  shortcut?: string
  className?: string
}

/** A button that is only an icon. Its label is always there for a screen reader and on hover. */
export function IconButton(props: IconButtonProps) {
  const { icon: Icon, label, size = 'medium', shortcut, className, ...rest } = props
  return (
    <Tooltip text={label} shortcut={shortcut}>
      <BaseButton
        type="button"
        aria-label={label}
        {...rest}
        className={classNames(
          'inline-flex shrink-0 items-center justify-center rounded-md text-ink-muted transition-colors',
          'hover:not-data-disabled:bg-hover hover:not-data-disabled:text-ink data-disabled:opacity-50',
          'data-popup-open:bg-hover data-popup-open:text-ink',
          size === 'small' ? 'size-7 pointer-coarse:size-9' : 'size-8 pointer-coarse:size-10',
          className,
        )}
      >
        <Icon aria-hidden className="size-4" />
      </BaseButton>
    </Tooltip>
  )
}

import { Button as BaseButton } from '@base-ui/react/button'
import { LoaderCircle, type LucideIcon } from 'lucide-react'
import type { ComponentProps, ReactNode } from 'react'
import { classNames } from '../lib/class-names.ts'

export type ButtonKind = 'primary' | 'secondary' | 'quiet' | 'danger'

const kinds: Record<ButtonKind, string> = {
  primary: 'bg-accent text-on-accent hover:not-data-disabled:bg-accent-hover font-medium',
  secondary: 'bg-raised text-ink border border-line-strong hover:not-data-disabled:bg-hover',
  quiet: 'text-ink-muted hover:not-data-disabled:bg-hover hover:not-data-disabled:text-ink',
  danger: 'bg-bad text-on-bad hover:not-data-disabled:bg-bad-hover font-medium',
}

/** The look of a button, for links that act like one (`<Link className={buttonClass('primary')}>`). */
export function buttonClass(kind: ButtonKind = 'secondary', size: 'small' | 'medium' = 'medium'): string {
  return classNames(
    'inline-flex items-center justify-center gap-1.5 rounded-md whitespace-nowrap select-none transition-colors',
    'data-disabled:opacity-55 data-disabled:cursor-not-allowed',
    size === 'small' ? 'h-7 px-2 text-xs pointer-coarse:h-9' : 'h-8 px-3 text-sm pointer-coarse:h-10',
    kinds[kind],
  )
}

export interface ButtonProps extends Omit<ComponentProps<typeof BaseButton>, 'className' | 'children'> {
  kind?: ButtonKind
  size?: 'small' | 'medium'
  icon?: LucideIcon
  /** Shows a spinner and refuses clicks; the label stays, so nothing jumps. */
  busy?: boolean
  className?: string
  children: ReactNode
}

/** A button. Use one `primary` per page; `danger` only behind a confirmation. */
export function Button(props: ButtonProps) {
  const { kind, size, icon: Icon, busy = false, disabled, className, children, ...rest } = props
  return (
    <BaseButton
      type="button"
      {...rest}
      disabled={disabled || busy}
      focusableWhenDisabled={busy}
      aria-busy={busy || undefined}
      className={classNames(buttonClass(kind, size), className)}
    >
      {busy ? (
        <LoaderCircle aria-hidden className="size-4 animate-spin" />
      ) : (
        Icon && <Icon aria-hidden className="size-4 shrink-0" />
      )}
      {children}
    </BaseButton>
  )
}

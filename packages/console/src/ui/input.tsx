import { Input as Base } from '@base-ui/react/input'
import { Eye, EyeOff, type LucideIcon } from 'lucide-react'
import { type ComponentProps, useState } from 'react'
import { classNames } from '../lib/class-names.ts'
import { controlClass } from './field.tsx'

export interface InputProps extends Omit<ComponentProps<typeof Base>, 'className'> {
  icon?: LucideIcon
  /** For identifiers, keys, paths and code. */
  mono?: boolean
  className?: string
}

/** One line of text. A password field has a button that shows what was typed. */
export function Input({ icon: Icon, mono, className, type, ...rest }: InputProps) {
  const [shown, setShown] = useState(false)
  const isPassword = type === 'password'
  const input = (
    <Base
      {...rest}
      type={isPassword && shown ? 'text' : type}
      className={classNames(
        controlClass,
        mono && 'font-mono',
        Icon && 'pl-8',
        isPassword && 'pr-9',
        Icon || isPassword ? 'w-full' : (className ?? 'w-full'),
      )}
    />
  )
  if (!Icon && !isPassword) return input
  const Toggle = shown ? EyeOff : Eye
  return (
    <div className={classNames('relative', className ?? 'w-full')}>
      {Icon && (
        <Icon
          aria-hidden
          className="pointer-events-none absolute top-1/2 left-2.5 size-4 -translate-y-1/2 text-ink-subtle"
        />
      )}
      {input}
      {isPassword && (
        <button
          type="button"
          aria-label={shown ? 'Hide what is typed' : 'Show what is typed'}
          onClick={() => setShown(!shown)}
          className="absolute inset-y-0 right-0 flex w-9 items-center justify-center rounded-md text-ink-subtle hover:text-ink"
        >
          <Toggle aria-hidden className="size-4" />
        </button>
      )}
    </div>
  )
}

import { Field } from '@base-ui/react/field'
import type { ComponentProps } from 'react'
import { classNames } from '../lib/class-names.ts'
import { controlClass } from './field.tsx'

export interface TextareaProps extends ComponentProps<'textarea'> {
  mono?: boolean
}

/** Several lines of text; grows with what is typed. */
export function Textarea({ mono, className, rows = 3, ...rest }: TextareaProps) {
  return (
    <Field.Control
      render={<textarea {...rest} rows={rows} />}
      className={classNames(
        controlClass,
        'field-sizing-content h-auto min-h-16 py-1.5 pointer-coarse:h-auto',
        mono && 'font-mono text-xs',
        className ?? 'w-full',
      )}
    />
  )
}

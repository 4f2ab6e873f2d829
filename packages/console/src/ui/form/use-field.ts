import type { ReactNode } from 'react'
import { useController } from 'react-hook-form'
import { useLimits } from './limits.ts'

/** What every field of a form has. */
export interface NamedField {
  name: string
  label: ReactNode
  hint?: ReactNode
  disabled?: boolean
  className?: string
}

/** Joins a field of the form around it with its limits; every field stands on this. */
export function useField(name: string) {
  const { field, fieldState } = useController({ name })
  const limits = useLimits(name)
  return { field, limits, error: fieldState.error?.message }
}

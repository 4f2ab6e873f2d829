import type { ColumnVisibilityState } from '@tanstack/react-table'
import { type Dispatch, type SetStateAction, useState } from 'react'
import { readStored, writeStored } from '../../lib/stored.ts'

interface Hideable {
  id: string
  startsHidden?: boolean
}

/** Which columns show, kept between visits under the table's name. */
export function useStoredVisibility(
  name: string,
  columns: readonly Hideable[],
): [ColumnVisibilityState, Dispatch<SetStateAction<ColumnVisibilityState>>] {
  const key = `columns.${name}`
  const [visibility, setVisibility] = useState<ColumnVisibilityState>(() => ({
    ...Object.fromEntries(
      columns.filter((column) => column.startsHidden).map((column) => [column.id, false]),
    ),
    ...readVisibility(key),
  }))
  const set: Dispatch<SetStateAction<ColumnVisibilityState>> = (update) => {
    const next = typeof update === 'function' ? update(visibility) : update
    writeStored(key, JSON.stringify(next))
    setVisibility(next)
  }
  return [visibility, set]
}

function readVisibility(key: string): ColumnVisibilityState {
  try {
    const stored: unknown = JSON.parse(readStored(key) ?? '{}')
    if (typeof stored !== 'object' || stored === null) return {}
    return Object.fromEntries(Object.entries(stored).filter((entry) => typeof entry[1] === 'boolean'))
  } catch {
    // Written by hand or by an older version: start from the defaults.
    return {}
  }
}

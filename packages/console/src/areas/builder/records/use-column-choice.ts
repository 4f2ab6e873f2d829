import { useState } from 'react'
import { readStored, writeStored } from '../../../lib/stored.ts'
import type { GridColumn } from './grid-columns.ts'

export interface ColumnChoice {
  all: readonly GridColumn[]
  shown: readonly GridColumn[]
  isShown: (id: string) => boolean
  set: (id: string, shown: boolean) => void
}

/** Which columns of a collection show, kept in this browser. A field that is new since then shows. */
export function useColumnChoice(path: string, all: readonly GridColumn[]): ColumnChoice {
  const key = `records.${path}`
  const [hidden, setHidden] = useState<readonly string[]>(() => readHidden(key))
  const isShown = (id: string) => !hidden.includes(id)
  return {
    all,
    shown: all.filter((column) => isShown(column.id)),
    isShown,
    set: (id, shown) => {
      const next = shown ? hidden.filter((one) => one !== id) : [...hidden, id]
      setHidden(next)
      writeStored(key, JSON.stringify(next))
    },
  }
}

function readHidden(key: string): string[] {
  const usual = ['updatedAt']
  const stored = readStored(key)
  if (stored === null) return usual
  try {
    const value: unknown = JSON.parse(stored)
    return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : usual
  } catch {
    // Written by hand or by an older version: start from the usual.
    return usual
  }
}

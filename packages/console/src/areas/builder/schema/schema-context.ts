import { createContext, useContext } from 'react'
import type { Draft, DraftField } from './draft.ts'

/** What a row of the schema editor can do, without every level passing it down. */
export interface SchemaEditor {
  readOnly: boolean
  issues: ReadonlyMap<string, string>
  /** The field whose details are open. */
  openKey: string | null
  setOpenKey: (key: string | null) => void
  update: (key: string, changes: Partial<DraftField>) => void
  remove: (key: string) => void
  move: (key: string, overKey: string) => void
  /** Adds a field at the end of a level; null is the top one. */
  add: (parentKey: string | null) => void
  /** How deep a field stands; the top level is 1. */
  levelOf: (key: string) => number
  /** The stored state of a field, absent for a new one. */
  stored: Draft
}

export const SchemaContext = createContext<SchemaEditor | null>(null)

export function useSchemaEditor(): SchemaEditor {
  const editor = useContext(SchemaContext)
  if (!editor) throw new Error('A schema row stands outside of the schema editor.')
  return editor
}

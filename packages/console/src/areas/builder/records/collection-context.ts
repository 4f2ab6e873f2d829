import { createContext, useContext } from 'react'
import type { Collection } from './collection.ts'

export interface OpenCollection {
  collection: Collection
  /** The endpoint in the address, through which the collection was opened. */
  endpointId: string
}

export const CollectionContext = createContext<OpenCollection | null>(null)

/** The collection whose page this is. For the drawers beside it, which open only once it is there. */
export function useOpenCollection(): OpenCollection {
  const open = useContext(CollectionContext)
  if (!open) throw new Error('A record drawer stands outside of its collection’s page.')
  return open
}

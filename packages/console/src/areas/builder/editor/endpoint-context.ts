import type { Endpoint } from '@holdfast/contracts/builder/endpoints'
import { createContext, useContext } from 'react'

export const EndpointContext = createContext<Endpoint | null>(null)

/** The endpoint whose page this is. For the tabs, which are shown only once it is there. */
export function useEndpoint(): Endpoint {
  const endpoint = useContext(EndpointContext)
  if (!endpoint) throw new Error('A tab stands outside of its endpoint’s page.')
  return endpoint
}

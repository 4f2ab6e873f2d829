import type { EndpointHandlers } from '../model.ts'
import type { StoredEndpoint } from './stored.ts'

/** What runs of an endpoint's handlers, sorted by what they do; null when nothing does. */
export function enabledHandlers(handlers: StoredEndpoint['handlers']): EndpointHandlers | null {
  const enabled = handlers.filter((handler) => handler.enabled)
  if (enabled.length === 0) return null
  return {
    javascript: enabled.find(({ type }) => type === 'javascript') ?? null,
    pre: enabled.filter(({ type }) => type === 'pre'),
    post: enabled.filter(({ type }) => type === 'post'),
    transform: enabled.filter(({ type }) => type === 'transform'),
  }
}

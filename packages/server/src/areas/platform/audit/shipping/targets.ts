/** A place that copies of checkpoints and sealed segments go to. */
export type ShippingTarget =
  | { kind: 'directory'; name: string; path: string }
  | { kind: 's3'; name: string }
  | { kind: 'webhook'; name: string; url: string }

/** Reads HOLDFAST_AUDIT_SHIP. Throws with a sentence for what is no place. */
export function parseShippingTargets(value: string | undefined): ShippingTarget[] {
  return (value ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(parseTarget)
}

function parseTarget(text: string): ShippingTarget {
  if (text === 's3') return { kind: 's3', name: 's3' }
  const url = URL.canParse(text) ? new URL(text) : null
  if (url?.protocol === 'file:')
    return { kind: 'directory', name: text, path: decodeURIComponent(url.pathname) }
  // What stands before the query is enough to know it by; a token may follow.
  if (url?.protocol === 'https:' || url?.protocol === 'http:')
    return { kind: 'webhook', name: `${url.origin}${url.pathname}`, url: text }
  throw new Error('must be a list of file:///directory, https://address or s3')
}

/** `name=value` pairs separated by commas, values percent-encoded, as OpenTelemetry's exporters take them. */
export function parseTraceHeaders(text: string | undefined): Record<string, string> {
  const pairs = (text ?? '').split(',').filter((pair) => pair.trim() !== '')
  return Object.fromEntries(
    pairs.map((pair) => {
      const [name = '', ...rest] = pair.split('=')
      if (!/^[\w-]+$/.test(name.trim()) || rest.length === 0)
        throw new Error('must be pairs like authorization=Bearer%20token, separated by commas.')
      return [name.trim().toLowerCase(), decoded(rest.join('=').trim())]
    }),
  )
}

/** A share from 0 to 1; 1 without a text. */
export function parseTraceShare(text: string | undefined): number {
  const share = Number(text ?? 1)
  if (!(share >= 0 && share <= 1)) throw new Error(`must be a number from 0 to 1, not "${text}".`)
  return share
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new Error('holds a % that does not begin a percent-encoded byte. Write it as %25.')
  }
}

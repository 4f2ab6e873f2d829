/** What this browser remembers. Storage can be forbidden or full; the console then works and forgets. */

const prefix = 'holdfast.'

export function readStored(key: string): string | null {
  try {
    return localStorage.getItem(prefix + key)
  } catch {
    return null
  }
}

/** Writes a value; null forgets it. */
export function writeStored(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(prefix + key)
    else localStorage.setItem(prefix + key, value)
  } catch {
    // A preference that does not stick is no reason to disturb anybody.
  }
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

export function isUuid(text: string): boolean {
  return uuid.test(text)
}

/** An opaque place in the trail: the instant and the id of an entry. */
export function writeCursor({ at, id }: { at: string; id: string }): string {
  return Buffer.from(`${at} ${id}`).toString('base64url')
}

/** Undefined for what `writeCursor` has not written. */
export function parseCursor(cursor: string): { at: string; id: string } | undefined {
  const [at, id] = Buffer.from(cursor, 'base64url').toString('utf8').split(' ')
  if (at === undefined || id === undefined || !isUuid(id) || Number.isNaN(Date.parse(at))) return undefined
  return { at, id }
}

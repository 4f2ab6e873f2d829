import { problem } from '@holdfast/contracts/problems'

/** Where a page of the list of endpoints ended: behind one of the user's own, or behind so many of the product's. */
export type ListPlace = { path: string; method: string; id: string } | { systemCount: number }

/** Opaque to clients. */
export function writePlace(place: ListPlace): string {
  const parts = 'id' in place ? [place.path, place.method, place.id] : [place.systemCount]
  return Buffer.from(JSON.stringify(parts)).toString('base64url')
}

const idPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Throws request.invalid for what `writePlace` did not write, and for a page that is counted from elsewhere. */
export function readPlace(cursor: string, page: number): ListPlace {
  refusePage(page)
  const parts = parse(cursor)
  if (Array.isArray(parts)) {
    const [path, method, id] = parts as unknown[]
    if (
      typeof path === 'string' &&
      typeof method === 'string' &&
      typeof id === 'string' &&
      idPattern.test(id)
    )
      return { path, method, id }
    if (parts.length === 1 && Number.isSafeInteger(path) && Number(path) > 0)
      return { systemCount: Number(path) }
  }
  throw notGiven()
}

/** Versions count down. Throws request.invalid for what is no version, and for a page. */
export function readVersionPlace(cursor: string, page: number): number {
  refusePage(page)
  if (/^\d{1,9}$/.test(cursor) && Number(cursor) > 0) return Number(cursor)
  throw notGiven()
}

function refusePage(page: number): void {
  if (page === 1) return
  throw problem('request.invalid', {
    sentence: 'A cursor cannot be used together with a page. Leave one of them out.',
    details: [{ path: 'query.cursor', message: 'cannot be used together with page' }],
  })
}

function notGiven() {
  return problem('request.invalid', {
    sentence: 'The cursor is not one this list has given. Start again without it.',
    details: [{ path: 'query.cursor', message: 'is not one this list has given' }],
  })
}

function parse(cursor: string): unknown {
  const text = Buffer.from(cursor, 'base64url').toString('utf8')
  if (text.includes('\0')) return null
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

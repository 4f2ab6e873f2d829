/**
 * The words that rows of the log are found by. A word is a run of letters and digits, in small letters. A row is found by
 * a search when each term of it, what stands between spaces, occurs in the row and begins where a word begins: `prod`
 * finds "GET /api/products", `10.0.0.2` finds that address and 10.0.0.20. Words are cut here and not in PostgreSQL, so
 * that no locale of a database decides what is found. Pure.
 */

/** Texts of a row that a search looks at. */
export interface SearchedTexts {
  action: string
  source: string
  message: string
  login: string | null
  ip: string | null
  userAgent: string | null
  requestId: string | null
  details: unknown
}

export interface Search {
  /** Every word as a prefix or whole, for a `tsvector` (PostgreSQL manual, 8.11). */
  query: string
  /** Terms of more than one word, in small letters: they must occur as they are. */
  phrases: readonly string[]
}

const wordPattern = /[\p{L}\p{N}]+/gu
/** Longer words are found by their beginning. */
const wordLengthMax = 60
const wordsMax = 256

/** Those of a row, each once. */
export function wordsOf(texts: SearchedTexts): string[] {
  return [...new Set(wordsIn(textOf(texts)))].slice(0, wordsMax)
}

/** Null when there is no letter and no digit to search for. */
export function parseSearch(text: string): Search | null {
  const terms = text
    .toLowerCase()
    .split(/\s+/)
    .filter((term) => term !== '')
    .map((term) => ({ term, words: wordsIn(term) }))
  // The last word of a term may go on in the row; those before it are followed by what follows them in the term.
  const lexemes = terms.flatMap(({ words }) =>
    words.map((word, index) => `'${word}'${index === words.length - 1 ? ':*' : ''}`),
  )
  if (lexemes.length === 0) return null
  return {
    query: [...new Set(lexemes)].join(' & '),
    phrases: terms.filter(({ term, words }) => words[0] !== term).map(({ term }) => term),
  }
}

/** Whether `search` finds a row with these texts; what PostgreSQL would say of it. */
export function isFound(texts: SearchedTexts, search: string): boolean {
  const whole = textOf(texts)
  const words = [...new Set(wordsIn(whole))].slice(0, wordsMax)
  const terms = search
    .toLowerCase()
    .split(/\s+/)
    .filter((term) => term !== '')
  return terms.every((term) => {
    const parts = wordsIn(term)
    const last = parts.pop() ?? ''
    return (
      parts.every((part) => words.includes(part)) &&
      words.some((word) => word.startsWith(last)) &&
      whole.includes(term)
    )
  })
}

function textOf({
  action,
  source,
  message,
  login,
  ip,
  userAgent,
  requestId,
  details,
}: SearchedTexts): string {
  const shown = details === null || details === undefined ? null : JSON.stringify(details)
  return [message, action, source, login, ip, userAgent, requestId, shown]
    .filter((text) => text !== null)
    .join('\n')
    .toLowerCase()
}

function wordsIn(text: string): string[] {
  return (text.match(wordPattern) ?? []).map((word) => word.slice(0, wordLengthMax))
}

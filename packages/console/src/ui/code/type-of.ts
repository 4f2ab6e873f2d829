import { type Declared, membersOf, plainType, resultOf } from './declared.ts'

/**
 * The type of an expression in JavaScript, as far as declarations and simple variables tell: chains of members, calls and
 * indexes, `await`, `const x = …`, `for (const x of …)` and the argument of `list.map((x) => …)`. Anything else is
 * unknown (null): this serves completion, which may stay silent, and no check.
 */
export function typeOf(expression: string, before: string, declared: Declared, depth = 0): string | null {
  if (depth > 6) return null
  const text = expression.trim().replace(/^await\s+/, '')
  let at = 0
  let type: string | null
  if (text.startsWith('(')) {
    at = endOf(text, 0)
    type = typeOf(text.slice(1, at - 1), before, declared, depth + 1)
  } else {
    const [name] = /^\w+/.exec(text) ?? []
    if (name === undefined) return null
    at = name.length
    type = declared.types.get(name) ?? typeOfVariable(name, before, declared, depth + 1)
  }
  while (type !== null && at < text.length) {
    const step = /^\s*(?:(\?\.|\.)\s*(\w+)|(\()|(\[))/.exec(text.slice(at))
    if (step === null) break
    const [whole, , member, call] = step
    at += whole.length
    if (member !== undefined) {
      const called = /^\s*\(/.exec(text.slice(at))
      const end = called === null ? at : endOf(text, at + called[0].length - 1)
      type = typeOfMember(type, member, text.slice(at, end), declared)
      at = end
    } else {
      at = endOf(text, at - 1)
      // The call of a declared function has its type already.
      if (call === undefined) type = elementOf(type)
    }
  }
  return type === null ? null : plainType(type)
}

/** The expression that ends where the text ends: what stands before a dot. */
export function expressionBefore(text: string): string {
  let at = text.length
  for (;;) {
    const rest = text.slice(0, at)
    const closed = /[)\]]\s*$/.exec(rest)
    const named = /\w+\s*$/.exec(rest)
    if (closed !== null) at = startOf(rest, closed.index)
    else if (named !== null) {
      at = named.index
      const dot = /\??\.\s*$/.exec(text.slice(0, at))
      if (dot === null) break
      at = dot.index
      continue
    } else break
    if (!/[\w)\]]$/.test(text.slice(0, at))) break
  }
  return text.slice(at)
}

function typeOfMember(type: string, name: string, args: string, declared: Declared): string | null {
  const element = elementOf(type)
  if (element !== null) {
    if (/^(at|find|findLast|pop|shift)$/.test(name)) return element
    return /^(filter|slice|sort|toSorted|reverse|toReversed|concat)$/.test(name) ? type : null
  }
  const found = membersOf(declared, plainType(type)).filter(({ label }) => label === name)
  const literal = /^\s*\(\s*(['"`])(.*?)\1/.exec(args)?.[2]
  const exact =
    literal === undefined ? undefined : found.find(({ detail }) => detail?.includes(`'${literal}'`))
  const detail = (exact ?? found.at(-1))?.detail
  return detail === undefined ? null : resultOf(detail)
}

/** A variable that the code before declares; the last declaration counts. */
function typeOfVariable(name: string, before: string, declared: Declared, depth: number): string | null {
  const declaration = new RegExp(
    `(?:const|let|var)\\s+${name}\\s*=\\s*|(?:const|let|var)\\s+${name}\\s+of\\s+|\\.(?:map|filter|forEach|find|some|every|flatMap)\\(\\s*(?:async\\s*)?\\(?\\s*${name}\\b[^=()]*\\)?\\s*=>`,
    'g',
  )
  const last = [...before.matchAll(declaration)].at(-1)
  if (last === undefined) return null
  const [whole] = last
  const earlier = before.slice(0, last.index)
  if (whole.startsWith('.')) {
    const list = typeOf(expressionBefore(earlier), earlier, declared, depth)
    return list === null ? null : elementOf(list)
  }
  const type = typeOf(before.slice(last.index + whole.length), earlier, declared, depth)
  return type !== null && /\sof\s+$/.test(whole) ? elementOf(type) : type
}

function elementOf(type: string): string | null {
  return /^(.*)\[\]$/.exec(plainType(type))?.[1] ?? null
}

/** Where the bracket that opens at `from` has been closed; the end when it is not. Texts in quotes are passed over. */
function endOf(text: string, from: number): number {
  let depth = 0
  let quote = ''
  for (let at = from; at < text.length; at += 1) {
    const character = text[at] ?? ''
    if (quote !== '') {
      if (character === '\\') at += 1
      else if (character === quote) quote = ''
    } else if (/['"`]/.test(character)) quote = character
    else if (/[([{]/.test(character)) depth += 1
    else if (/[)\]}]/.test(character)) {
      depth -= 1
      if (depth === 0) return at + 1
    }
  }
  return text.length
}

/** Where the bracket that closes at `to` was opened; 0 when it was not. */
function startOf(text: string, to: number): number {
  let depth = 0
  let quote = ''
  for (let at = to; at >= 0; at -= 1) {
    const character = text[at] ?? ''
    if (quote !== '') {
      if (character === quote && text[at - 1] !== '\\') quote = ''
    } else if (/['"`]/.test(character)) quote = character
    else if (/[)\]}]/.test(character)) depth += 1
    else if (/[([{]/.test(character)) {
      depth -= 1
      if (depth === 0) return at
    }
  }
  return 0
}

import { emptyMap, type PersistentMap } from './persistent-map.ts'
import type { RequestPath } from './path.ts'
import type { PathPattern } from './pattern.ts'

/** What a trie holds at a pattern: which method it is for, and its rank among equals (lower wins). */
export interface TrieEntry {
  readonly id: string
  readonly method: string
  readonly rank: string
}

/** Entries of one pattern, of lowest rank first. A list, because they are few and a request should touch little memory. */
type Ends<E> = readonly E[]

/** Patterns by segment. Never changed: adding and removing copies the nodes on the way, and shares the rest. */
export interface TrieNode<E extends TrieEntry> {
  readonly literals: PersistentMap<TrieNode<E>>
  readonly parameter: TrieNode<E> | null
  /** Patterns that end here and take what lies below as well. */
  readonly ends: Ends<E> | null
  readonly tails: Ends<E> | null
  /** Patterns that end here and take nothing below, or only what `records` holds. */
  readonly exacts: Ends<E> | null
  /** Those of `exacts` that take the id of a record as one more segment. */
  readonly records: Ends<E> | null
}

/** As the server writes the ids of records. */
const recordId = /^[0-9a-fA-F]{24}$/

export function emptyTrie<E extends TrieEntry>(): TrieNode<E> {
  return { literals: emptyMap(), parameter: null, ends: null, tails: null, exacts: null, records: null }
}

/**
 * The entry that takes this path: one that matches it whole, literals before parameters before ids of records, segment by
 * segment from the left; else the prefix of most segments, where again a literal is better than a parameter, and `*` is
 * better than a bare prefix. An entry for the method is better than one for ANY at the same pattern.
 */
export function findEntry<E extends TrieEntry>(
  root: TrieNode<E>,
  path: RequestPath,
  method: string,
): E | null {
  // `/` is a path without segments, with nothing below it.
  const length = path.length === 1 && path[0] === '' ? 0 : path.length
  return findWhole(root, path, 0, length, method) ?? findPrefix(root, path, method)
}

function findWhole<E extends TrieEntry>(
  node: TrieNode<E>,
  path: RequestPath,
  depth: number,
  length: number,
  method: string,
): E | null {
  if (depth === length) return node.exacts === null ? pick(node.ends, method) : pickWhole(node, method)
  const segment = path[depth] ?? ''
  const literal = node.literals.get(segment)
  const found = literal === undefined ? null : findWhole(literal, path, depth + 1, length, method)
  if (found !== null) return found
  const below =
    node.parameter === null || segment === ''
      ? null
      : findWhole(node.parameter, path, depth + 1, length, method)
  return below ?? (node.exacts === null ? null : findExact(node, path, depth, length, method))
}

/** A final slash means nothing to a pattern that takes only itself; and the id of a record may follow some. */
function findExact<E extends TrieEntry>(
  node: TrieNode<E>,
  path: RequestPath,
  depth: number,
  length: number,
  method: string,
): E | null {
  const end = path[length - 1] === '' ? length - 1 : length
  if (depth === end) return pick(node.exacts, method)
  return depth === end - 1 && recordId.test(path[depth] ?? '') ? pick(node.records, method) : null
}

/** The method itself before ANY, whichever of the two kinds of pattern has it. */
function pickWhole<E extends TrieEntry>({ exacts, ends }: TrieNode<E>, method: string): E | null {
  const [exact, prefix] = [pick(exacts, method), pick(ends, method)]
  return exact === null || (prefix?.method === method && exact.method !== method) ? prefix : exact
}

function findPrefix<E extends TrieEntry>(root: TrieNode<E>, path: RequestPath, method: string): E | null {
  const length = path.length
  let best: E | null = null
  // Nodes that the first segments lead to, best first; one step deeper at each turn.
  let level: TrieNode<E>[] = [root]
  for (let depth = 0; depth <= length && level.length > 0; depth += 1) {
    const found = firstOf(level, depth < length, method)
    if (found !== null) best = found
    if (depth === length) break
    const segment = path[depth] ?? ''
    const next: TrieNode<E>[] = []
    for (const node of level) {
      const literal = node.literals.get(segment)
      if (literal !== undefined) next.push(literal)
      if (node.parameter !== null && segment !== '') next.push(node.parameter)
    }
    level = next
  }
  return best
}

function firstOf<E extends TrieEntry>(
  nodes: readonly TrieNode<E>[],
  isAbove: boolean,
  method: string,
): E | null {
  for (const node of nodes) {
    const found = (isAbove ? pick(node.tails, method) : null) ?? pick(node.ends, method)
    if (found !== null) return found
  }
  return null
}

function pick<E extends TrieEntry>(ends: Ends<E> | null, method: string): E | null {
  if (ends === null) return null
  let anyMethod: E | null = null
  for (const entry of ends) {
    if (entry.method === method) return entry
    if (anyMethod === null && entry.method === 'ANY') anyMethod = entry
  }
  return anyMethod
}

export function withEntry<E extends TrieEntry>(
  node: TrieNode<E>,
  pattern: PathPattern,
  entry: E,
): TrieNode<E> {
  return change(node, pattern, 0, (ends) => {
    const list = [...(ends ?? []).filter(({ id }) => id !== entry.id), entry]
    return list.sort((left, right) => (left.rank < right.rank ? -1 : 1))
  })
}

export function withoutEntry<E extends TrieEntry>(
  node: TrieNode<E>,
  pattern: PathPattern,
  entry: TrieEntry,
): TrieNode<E> {
  return change(node, pattern, 0, (ends) => {
    const list = (ends ?? []).filter(({ id }) => id !== entry.id)
    return list.length === 0 ? null : list
  })
}

function change<E extends TrieEntry>(
  node: TrieNode<E>,
  pattern: PathPattern,
  depth: number,
  work: (ends: Ends<E> | null) => Ends<E> | null,
): TrieNode<E> {
  if (depth === pattern.segments.length) {
    if (pattern.isTail) return { ...node, tails: work(node.tails) }
    if (pattern.match === 'prefix') return { ...node, ends: work(node.ends) }
    const exacts = work(node.exacts)
    return pattern.match === 'record' ? { ...node, exacts, records: work(node.records) } : { ...node, exacts }
  }
  const segment = pattern.segments[depth] ?? null
  if (segment === null) {
    const child = change(node.parameter ?? emptyTrie<E>(), pattern, depth + 1, work)
    return { ...node, parameter: isEmpty(child) ? null : child }
  }
  const child = change(node.literals.get(segment) ?? emptyTrie<E>(), pattern, depth + 1, work)
  const edit = node.literals.edit()
  if (isEmpty(child)) edit.delete(segment)
  else edit.set(segment, child)
  return { ...node, literals: edit.done() }
}

/** Nothing ends here or below. */
export function isEmpty({ literals, parameter, ends, tails, exacts }: TrieNode<TrieEntry>): boolean {
  return literals.size === 0 && parameter === null && ends === null && tails === null && exacts === null
}

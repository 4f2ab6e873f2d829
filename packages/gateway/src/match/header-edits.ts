import type { HeaderEdits } from '@holdfast/contracts/gateway/config'

/** Header edits with lower-case names, ready to be looked up. */
export interface CompiledEdits {
  /** Names that do not pass: removed, or replaced by `set`. */
  dropped: ReadonlySet<string>
  /** Flat: name, value. */
  set: readonly string[]
}

/** The framing of a message is the gateway's; an edit of these names is ignored. */
const reserved = new Set(['connection', 'content-length', 'transfer-encoding', 'upgrade', 'te', 'trailer'])

export function compileEdits(edits: HeaderEdits | null): CompiledEdits | null {
  if (edits === null) return null
  const set = Object.entries(edits.set).flatMap(([name, value]) =>
    reserved.has(name.toLowerCase()) ? [] : [name.toLowerCase(), value],
  )
  const names = [
    ...edits.remove.map((name) => name.toLowerCase()),
    ...set.filter((_, index) => index % 2 === 0),
  ]
  const dropped = new Set(names.filter((name) => !reserved.has(name)))
  return dropped.size === 0 ? null : { dropped, set }
}

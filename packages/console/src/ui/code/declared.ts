import type { Completion } from '@codemirror/autocomplete'

/** What declarations in TypeScript say: `interface`s with their members, and `declare`d names. */
export interface Declared {
  /** Members of an interface, its parents' included. A method may stand there several times, with other arguments. */
  members: Map<string, Completion[]>
  /** The type of a declared name. */
  types: Map<string, string>
  names: Completion[]
}

/** Reads the few forms of declarations that ours have; anything else is passed over. */
export function readDeclarations(text: string): Declared {
  const members = new Map<string, Completion[]>()
  const types = new Map<string, string>()
  const names: Completion[] = []
  let open: { all: Completion[]; own: Set<string> } | null = null
  let info = ''
  for (const line of text.split('\n')) {
    const comment = /^\s*\/\*\* (.*) \*\/$/.exec(line)
    const begun = /^interface (\w+)(?: extends (\w+))?/.exec(line)
    const member = /^ {2}(\w+)\??(\(.*)?: ?(.*)$/.exec(line)
    const declared = /^declare (const|function) (\w+)(.*)$/.exec(line)
    if (comment) info = comment[1] ?? ''
    else if (begun) {
      open = { all: [...(members.get(begun[2] ?? '') ?? [])], own: new Set() }
      members.set(begun[1] ?? '', open.all)
    } else if (member && open !== null) {
      const label = member[1] ?? ''
      // What is declared anew takes the place of what was inherited.
      const inherited = open.own.has(label) ? -1 : open.all.findIndex((one) => one.label === label)
      const added = completion(label, member[2] === undefined ? 'property' : 'method', line.trim(), info)
      if (inherited >= 0) open.all[inherited] = added
      else open.all.push(added)
      open.own.add(label)
      info = ''
    } else if (declared) {
      const [, kind, name = '', rest = ''] = declared
      names.push(completion(name, kind === 'function' ? 'function' : 'variable', name + rest, info))
      types.set(name, kind === 'const' ? rest.replace(/^: /, '') : resultOf(rest))
      info = ''
    } else if (line === '}') open = null
  }
  return { members, types, names }
}

/** The members of a type: an interface by its name, or `{ id: string; login: string }`. */
export function membersOf(declared: Declared, type: string): readonly Completion[] {
  if (!type.startsWith('{')) return declared.members.get(type) ?? []
  return splitMembers(type.slice(1, -1)).flatMap((text) => {
    const [, name] = /^\s*(\w+)\??\s*:/.exec(text) ?? []
    return name === undefined ? [] : [completion(name, 'property', text.trim(), '')]
  })
}

/** The type that a property has, or a method answers, without promises and null. */
export function resultOf(detail: string): string {
  const text = detail.includes('(')
    ? detail.slice(detail.lastIndexOf('): ') + 3)
    : detail.replace(/^[^:]*: ?/, '')
  return plainType(text)
}

export function plainType(type: string): string {
  const bare = type.replace(/ \| (null|undefined)\b/g, '').trim()
  const promised = /^Promise<(.*)>$/.exec(bare)?.[1]
  return promised === undefined ? bare : plainType(promised)
}

/** At the semicolons that stand in no braces of their own. */
function splitMembers(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let from = 0
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index]
    if (character === '{') depth += 1
    else if (character === '}') depth -= 1
    else if (character === ';' && depth === 0) {
      parts.push(text.slice(from, index))
      from = index + 1
    }
  }
  return [...parts, text.slice(from)]
}

function completion(label: string, type: string, detail: string, info: string): Completion {
  return { label, type, detail, ...(info !== '' && { info }) }
}

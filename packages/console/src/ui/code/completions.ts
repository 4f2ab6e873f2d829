import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete'

/** Completions from declarations in TypeScript: `interface`s with their members, and `declare`d names. */
interface Declared {
  /** Members of an interface, its parents' included. */
  members: Map<string, Completion[]>
  /** The interface of a declared name. */
  types: Map<string, string>
  names: Completion[]
}

/** Reads the few forms of declarations that ours have; anything else is passed over. */
export function readDeclarations(text: string): Declared {
  const members = new Map<string, Completion[]>()
  const types = new Map<string, string>()
  const names: Completion[] = []
  let open: Completion[] | null = null
  let info = ''
  for (const line of text.split('\n')) {
    const comment = /^\s*\/\*\* (.*) \*\/$/.exec(line)
    const begun = /^interface (\w+)(?: extends (\w+))?/.exec(line)
    const member = /^ {2}(\w+)\??(\(.*)?: ?(.*)$/.exec(line)
    const declared = /^declare (const|function) (\w+)(.*)$/.exec(line)
    if (comment) info = comment[1] ?? ''
    else if (begun) {
      open = [...(members.get(begun[2] ?? '') ?? [])]
      members.set(begun[1] ?? '', open)
    } else if (member && open !== null) {
      const isMethod = member[2] !== undefined
      open.push(completion(member[1] ?? '', isMethod ? 'method' : 'property', line.trim(), info))
      info = ''
    } else if (declared) {
      const [, kind, name = '', rest = ''] = declared
      names.push(completion(name, kind === 'function' ? 'function' : 'variable', name + rest, info))
      if (kind === 'const') types.set(name, rest.replace(/^: /, ''))
      info = ''
    } else if (line === '}') open = null
  }
  return { members, types, names }
}

/** A source for CodeMirror: members after a known name and a dot, else the names. */
export function createCompletions(text: string) {
  const { members, types, names } = readDeclarations(text)
  return (context: CompletionContext): CompletionResult | null => {
    const path = context.matchBefore(/\w+\.\w*$/)
    if (path !== null) {
      const dot = path.text.indexOf('.')
      const options = members.get(types.get(path.text.slice(0, dot)) ?? '')
      return options === undefined ? null : { from: path.from + dot + 1, options, validFor: /^\w*$/ }
    }
    const word = context.matchBefore(/\w+$/)
    if (word === null && !context.explicit) return null
    return { from: word?.from ?? context.pos, options: names, validFor: /^\w*$/ }
  }
}

function completion(label: string, type: string, detail: string, info: string): Completion {
  return { label, type, detail, ...(info !== '' && { info }) }
}

import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete'
import { membersOf, readDeclarations } from './declared.ts'
import { expressionBefore, typeOf } from './type-of.ts'

/**
 * A source for CodeMirror: members after a dot, also of what a call answers and of variables; the texts that an argument
 * can be, inside its quotes; else the declared names.
 */
export function createCompletions(text: string) {
  const declared = readDeclarations(text)
  return (context: CompletionContext): CompletionResult | null => {
    const before = context.state.doc.sliceString(0, context.pos)
    const literal = /(\w+)\(\s*['"`]([^'"`\n]*)$/.exec(before)
    if (literal !== null) {
      const options = textsOf(
        expressionBefore(before.slice(0, literal.index).replace(/\.\s*$/, '')),
        literal[1] ?? '',
      )
      return options.length === 0 ? null : { from: context.pos - (literal[2] ?? '').length, options }
    }
    const member = /\??\.\s*(\w*)$/.exec(before)
    if (member !== null) {
      const code = before.slice(0, member.index)
      const type = typeOf(expressionBefore(code), code, declared)
      const options = type === null ? [] : once(membersOf(declared, type))
      if (options.length === 0) return null
      return { from: context.pos - (member[1] ?? '').length, options, validFor: /^\w*$/ }
    }
    const word = context.matchBefore(/\w+$/)
    if (word === null && !context.explicit) return null
    return { from: word?.from ?? context.pos, options: declared.names, validFor: /^\w*$/ }

    /** What a method says about its first argument, where it says single texts. */
    function textsOf(expression: string, method: string): Completion[] {
      const type = typeOf(expression, before, declared)
      if (type === null) return []
      return membersOf(declared, type)
        .filter(({ label }) => label === method)
        .flatMap(({ detail = '' }) => /^\w+\(\w+: '([^']*)'\)/.exec(detail)?.[1] ?? [])
        .map((label) => ({ label, type: 'text' }))
    }
  }
}

/** Each name once, as it was declared last. */
function once(members: readonly Completion[]): Completion[] {
  return [...new Map(members.map((member) => [member.label, member])).values()]
}

import { autocompletion, type CompletionContext } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { javascript } from '@codemirror/lang-javascript'
import { json } from '@codemirror/lang-json'
import { bracketMatching, indentOnInput, syntaxHighlighting } from '@codemirror/language'
import { EditorState } from '@codemirror/state'
import { EditorView, keymap, lineNumbers } from '@codemirror/view'
import { useEffect, useEffectEvent, useMemo, useRef } from 'react'
import type { CodeEditorProps } from './code-editor.tsx'
import { createCompletions } from './completions.ts'
import { codeColors, codeFrame } from './theme.ts'

/**
 * CodeMirror lives in a shadow root: there it styles itself with constructed style sheets, which a strict
 * Content-Security-Policy allows, while the `<style>` element it would add to the page is forbidden.
 */
export default function Editor(props: CodeEditorProps) {
  const { value, language, label, readOnly = false, minHeightPx = 160, declarations } = props
  const host = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(null)
  const initial = useRef(value)
  const changed = useEffectEvent((text: string) => props.onChange?.(text))
  // Declarations may arrive while somebody is writing: the editor stays, and completes from them from then on.
  const completions = useMemo(
    () => (declarations === undefined ? null : createCompletions(declarations)),
    [declarations],
  )
  const complete = useEffectEvent((context: CompletionContext) => completions?.(context) ?? null)
  const isCompleted = completions !== null

  useEffect(() => {
    const element = host.current
    if (!element) return undefined
    const root = element.shadowRoot ?? element.attachShadow({ mode: 'open' })
    const editor = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: initial.current,
        extensions: [
          lineNumbers(),
          history(),
          indentOnInput(),
          bracketMatching(),
          // Tab indents; Escape then Tab leaves, as CodeMirror's accessibility guide asks.
          keymap.of([...defaultKeymap, ...historyKeymap, indentWithTab]),
          language === 'json' ? json() : javascript(),
          ...(isCompleted ? [autocompletion({ override: [(context) => complete(context)] })] : []),
          syntaxHighlighting(codeColors),
          codeFrame(minHeightPx),
          EditorState.readOnly.of(readOnly),
          EditorView.contentAttributes.of({ 'aria-label': label }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) changed(update.state.doc.toString())
          }),
        ],
      }),
    })
    view.current = editor
    return () => {
      initial.current = editor.state.doc.toString()
      editor.destroy()
    }
  }, [language, label, readOnly, minHeightPx, isCompleted])

  useEffect(() => {
    const editor = view.current
    if (editor && editor.state.doc.toString() !== value) {
      editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } })
    }
  }, [value])

  return (
    <div
      ref={host}
      className="overflow-hidden rounded-md border border-field-line bg-surface focus-within:outline-2 focus-within:outline-accent"
    />
  )
}

import { HighlightStyle } from '@codemirror/language'
import { EditorView } from '@codemirror/view'
import { tags } from '@lezer/highlight'

/** Code in the console's own tokens; custom properties reach into the shadow root, so both themes come for free. */
export const codeColors = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: 'var(--info-ink)' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--ok-ink)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--warn-ink)' },
  { tag: [tags.propertyName, tags.definition(tags.variableName)], color: 'var(--accent-ink)' },
  { tag: tags.comment, color: 'var(--ink-subtle)', fontStyle: 'italic' },
  { tag: tags.invalid, color: 'var(--bad-ink)' },
])

/** Font, spacing and colors of the editor's own parts. */
export function codeFrame(minHeightPx: number) {
  return EditorView.theme({
    '&': { color: 'var(--ink)', backgroundColor: 'var(--surface)', fontSize: '12px' },
    '&.cm-focused': { outline: 'none' },
    '.cm-scroller': { fontFamily: 'var(--face-mono)', lineHeight: '20px', maxHeight: '60vh' },
    '.cm-content': { minHeight: `${minHeightPx}px`, padding: '8px 0', caretColor: 'var(--ink)' },
    '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--ink-subtle)', border: 'none' },
    '.cm-cursor': { borderLeftColor: 'var(--ink)' },
    '&.cm-focused .cm-selectionBackground, .cm-selectionBackground, ::selection': {
      backgroundColor: 'var(--accent-soft)',
    },
    '.cm-tooltip': {
      color: 'var(--ink)',
      backgroundColor: 'var(--raised)',
      border: '1px solid var(--line-strong)',
      borderRadius: '6px',
    },
    '.cm-tooltip-autocomplete > ul > li': { padding: '2px 8px' },
    '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
      color: 'var(--accent-ink)',
      backgroundColor: 'var(--accent-soft)',
    },
    '.cm-completionDetail': { color: 'var(--ink-subtle)' },
    '.cm-completionInfo': { padding: '4px 8px', maxWidth: '320px' },
    '&.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--hover)' },
  })
}

import { lazy, Suspense } from 'react'

export interface CodeEditorProps {
  value: string
  onChange?: (value: string) => void
  language: 'json' | 'javascript'
  /** The accessible name; the visible label stands above. */
  label: string
  readOnly?: boolean
  minHeightPx?: number
  /** TypeScript declarations of what the code can reach: completed while writing. */
  declarations?: string
}

const Editor = lazy(() => import('./editor.tsx'))

/** Code to write in: JSON and JavaScript, with highlighting. CodeMirror arrives when the first one is shown. */
export function CodeEditor(props: CodeEditorProps) {
  return (
    <Suspense
      fallback={
        <div
          className="animate-pulse rounded-md border border-line bg-sunken"
          style={{ height: props.minHeightPx ?? 160 }}
        />
      }
    >
      <Editor {...props} />
    </Suspense>
  )
}

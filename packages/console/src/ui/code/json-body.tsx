import { parseJson } from '../../lib/parse-json.ts'
import { CodeEditor } from './code-editor.tsx'

interface JsonBodyProps {
  value: string
  onChange(value: string): void
}

/** The body of a request as JSON, with a word beside it while it is none. */
export function JsonBody({ value, onChange }: JsonBodyProps) {
  return (
    <div>
      <div className="mb-1 text-sm font-medium">Body</div>
      <CodeEditor label="Body" language="json" value={value} onChange={onChange} />
      {!parseJson(value).ok && (
        <p role="alert" className="mt-1 text-xs text-bad-ink">
          This is not valid JSON. Check quotes, commas and brackets.
        </p>
      )}
    </div>
  )
}

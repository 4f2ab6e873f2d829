import { Badge, type Tone } from '../../../ui/badge.tsx'
import { CodeBlock } from '../../../ui/code-block.tsx'
import { Duration } from '../../../ui/values.tsx'

export interface GivenAnswer {
  status: number
  durationMs: number
  headers: [name: string, value: string][]
  text: string
}

function toneOf(status: number): Tone {
  if (status >= 500) return 'bad'
  return status >= 400 ? 'warn' : 'ok'
}

/** What came back: status, time, headers and body. */
export function TriedAnswer({ answer: { status, durationMs, headers, text } }: { answer: GivenAnswer }) {
  return (
    <div aria-live="polite" className="mt-4">
      <p className="mb-2 flex items-center gap-2 text-xs text-ink-subtle">
        <Badge tone={toneOf(status)}>{status}</Badge>
        <Duration milliseconds={durationMs} />
      </p>
      <CodeBlock title="Answer" code={text} />
      <details className="mt-3 text-sm">
        <summary className="w-fit text-ink-muted">Headers</summary>
        <dl className="mt-2 grid grid-cols-[auto_1fr] gap-x-3 gap-y-0.5 font-mono text-xs break-all">
          {headers.map(([name, value]) => (
            <div key={name} className="contents">
              <dt className="text-ink-subtle">{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </details>
    </div>
  )
}

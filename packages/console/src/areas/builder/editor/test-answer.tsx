import type { EndpointTestResult } from '@holdfast/contracts/builder/endpoint-tools'
import { Badge, type Tone } from '../../../ui/badge.tsx'
import { CodeBlock } from '../../../ui/code-block.tsx'
import { Section } from '../../../ui/page.tsx'
import { Duration } from '../../../ui/values.tsx'

function toneOf(status: number): Tone {
  if (status >= 500) return 'bad'
  return status >= 400 ? 'warn' : 'ok'
}

/** What came back: status, time, headers and body. */
export function TestAnswer({ result }: { result: EndpointTestResult | undefined }) {
  if (!result) {
    return (
      <Section title="Answer">
        <p className="text-sm text-ink-muted">
          Send the request and its answer appears here, with the time it took.
        </p>
      </Section>
    )
  }
  const { request, response } = result
  return (
    <div aria-live="polite">
      <Section
        title="Answer"
        description={
          <span className="font-mono text-xs break-all">
            {request.method} {request.url}
          </span>
        }
        action={
          <span className="flex items-center gap-2 text-xs text-ink-subtle">
            <Badge tone={toneOf(response.statusCode)}>{response.statusCode}</Badge>
            <Duration milliseconds={response.responseTime} />
          </span>
        }
      >
        <CodeBlock title="Body" code={JSON.stringify(response.body, null, 2) ?? ''} />
        <details className="mt-3 text-sm">
          <summary className="w-fit text-ink-muted">Headers</summary>
          <dl className="mt-2 grid grid-cols-[auto_1fr] gap-x-3 gap-y-0.5 font-mono text-xs break-all">
            {Object.entries(response.headers).map(([name, value]) => (
              <div key={name} className="contents">
                <dt className="text-ink-subtle">{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </details>
      </Section>
    </div>
  )
}

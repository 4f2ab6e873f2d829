import { Play } from 'lucide-react'
import { useState } from 'react'
import { apiUrl } from '../../../lib/base.ts'
import { parseJson } from '../../../lib/parse-json.ts'
import { sessionFetch } from '../../../lib/session-fetch.ts'
import { Button } from '../../../ui/button.tsx'
import { JsonBody } from '../../../ui/code/json-body.tsx'
import { Field } from '../../../ui/field.tsx'
import { Input } from '../../../ui/input.tsx'
import { Section } from '../../../ui/page.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { RequestSnippets } from '../../../ui/request-snippets.tsx'
import { type ApiOperation, bodySchemaOf, type OperationProps } from './document.ts'
import { exampleOf } from './schema-words.ts'
import { type GivenAnswer, TriedAnswer } from './tried-answer.tsx'

const textMax = 200_000

/** A form that sends the operation as the signed-in person, and the same request in three languages. */
export function TryOperation({ operation, schemas }: OperationProps) {
  const { method, path, isPublic } = operation
  const parameters = operation.parameters.filter((one) => one.in === 'path' || one.in === 'query')
  const bodySchema = bodySchemaOf(operation)
  const [values, setValues] = useState<Record<string, string>>({})
  const [body, setBody] = useState(() =>
    bodySchema ? JSON.stringify(exampleOf(bodySchema, schemas), null, 2) : '',
  )
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>()
  const [answer, setAnswer] = useState<GivenAnswer>()
  const parsed = parseJson(body)
  const url = pathWith(path, operation.parameters, values)
  const missing = parameters.some(({ name, required }) => required && (values[name] ?? '') === '')

  const send = async () => {
    setBusy(true)
    setProblem(undefined)
    try {
      const startedMs = performance.now()
      const response = await sessionFetch(apiUrl(url), {
        method,
        headers: {
          Accept: 'application/json',
          ...(bodySchema ? { 'Content-Type': 'application/json' } : {}),
        },
        ...(bodySchema ? { body } : {}),
      })
      const text = await response.text()
      setAnswer({
        status: response.status,
        durationMs: performance.now() - startedMs,
        headers: [...response.headers],
        text: pretty(text).slice(0, textMax),
      })
    } catch (thrown) {
      setProblem(thrown)
    } finally {
      setBusy(false)
    }
  }

  const request = { method, path: url, isPublic, ...(bodySchema && parsed.ok ? { body: parsed.value } : {}) }
  return (
    <>
      <Section title="Request">
        <RequestSnippets request={request} />
      </Section>
      <Section
        title="Try it"
        description={
          method === 'GET'
            ? 'Runs with your own rights.'
            : 'Runs with your own rights. What it changes is really changed.'
        }
      >
        <form
          className="flex flex-col gap-4"
          onSubmit={(event) => {
            event.preventDefault()
            void send()
          }}
        >
          {parameters.map(({ name, in: place, required, description }) => (
            <Field
              key={`${place} ${name}`}
              label={name}
              optional={!required}
              {...(description ? { hint: description } : {})}
            >
              <Input
                mono
                value={values[name] ?? ''}
                onChange={(event) => setValues({ ...values, [name]: event.target.value })}
              />
            </Field>
          ))}
          {bodySchema && <JsonBody value={body} onChange={setBody} />}
          {problem !== undefined && <ProblemNotice problem={problem} />}
          <div>
            <Button
              kind="primary"
              type="submit"
              icon={Play}
              busy={busy}
              disabled={missing || (bodySchema !== undefined && !parsed.ok)}
            >
              Send
            </Button>
          </div>
        </form>
        {answer && <TriedAnswer answer={answer} />}
      </Section>
    </>
  )
}

function pathWith(
  path: string,
  parameters: ApiOperation['parameters'],
  values: Readonly<Record<string, string>>,
): string {
  const filled = path.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name] ?? ''
    return value === '' ? whole : encodeURIComponent(value)
  })
  const query = new URLSearchParams()
  for (const { name, in: place } of parameters) {
    const value = values[name] ?? ''
    if (place === 'query' && value !== '') query.set(name, value)
  }
  const text = query.toString()
  return text === '' ? filled : `${filled}?${text}`
}

function pretty(text: string): string {
  const parsed = parseJson(text)
  return parsed.ok ? JSON.stringify(parsed.value, null, 2) : text
}

import { type EndpointTestResult, testEndpoint } from '@holdfast/contracts/builder/endpoint-tools'
import { Play } from 'lucide-react'
import { useState } from 'react'
import { client } from '../../../lib/client.ts'
import { parseJson } from '../../../lib/parse-json.ts'
import { Button } from '../../../ui/button.tsx'
import { Checkbox } from '../../../ui/checkbox.tsx'
import { JsonBody } from '../../../ui/code/json-body.tsx'
import { Field, ToggleRow } from '../../../ui/field.tsx'
import { Input } from '../../../ui/input.tsx'
import { Section } from '../../../ui/page.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { parametersOf } from '../paths.ts'
import { draftOf } from '../schema/draft.ts'
import { exampleOf } from '../schema/example.ts'
import { useEndpoint } from './endpoint-context.ts'
import { type Pair, PairsInput, pairsToRecord } from './pairs-input.tsx'
import { TestAnswer } from './test-answer.tsx'

/** Calls the endpoint from inside the server, as yourself, from wherever you say. What it changes is really changed. */
export default function TryTab() {
  const endpoint = useEndpoint()
  const hasBody = endpoint.method !== 'GET' && endpoint.method !== 'DELETE'
  const parameters = parametersOf(endpoint.path)
  const takesId = endpoint.method !== 'POST' && parameters.length === 0
  const [params, setParams] = useState<Record<string, string>>({})
  const [recordId, setRecordId] = useState('')
  const [query, setQuery] = useState<Pair[]>([])
  const [headers, setHeaders] = useState<Pair[]>([])
  const [body, setBody] = useState(() => JSON.stringify(exampleOf(draftOf(endpoint.schema), true), null, 2))
  const [address, setAddress] = useState('')
  const [origin, setOrigin] = useState('')
  const [applyNetworkAccess, setApply] = useState(false)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>()
  const [result, setResult] = useState<EndpointTestResult>()
  const parsed = parseJson(body)

  const send = async () => {
    setBusy(true)
    setProblem(undefined)
    try {
      const answer = await client.call(testEndpoint, {
        params: { id: endpoint.id },
        body: {
          ...(recordId.trim() === '' ? {} : { path: `${endpoint.path}/${recordId.trim()}` }),
          params,
          query: pairsToRecord(query),
          headers: { ...pairsToRecord(headers), ...(origin.trim() === '' ? {} : { Origin: origin.trim() }) },
          ...(hasBody && parsed.ok ? { body: parsed.value } : {}),
          ...(address.trim() === '' ? {} : { clientIp: address.trim() }),
          applyNetworkAccess,
        },
      })
      setResult(answer.data)
    } catch (thrown) {
      setProblem(thrown)
    } finally {
      setBusy(false)
    }
  }

  return (
    <div className="grid items-start gap-x-6 lg:grid-cols-2">
      <Section
        title="Request"
        description={
          endpoint.method === 'GET'
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
          {parameters.map((name) => (
            <Field key={name} label={name} hint="A part of the path.">
              <Input
                mono
                value={params[name] ?? ''}
                onChange={(event) => setParams({ ...params, [name]: event.target.value })}
              />
            </Field>
          ))}
          {takesId && (
            <Field
              label="Record id"
              optional={endpoint.method === 'GET'}
              hint={
                endpoint.method === 'GET' ? 'Empty: the list.' : '24 characters; the last part of the path.'
              }
            >
              <Input mono value={recordId} onChange={(event) => setRecordId(event.target.value)} />
            </Field>
          )}
          <PairsInput label="Query" one="query value" pairs={query} onChange={setQuery} />
          <PairsInput label="Headers" one="header" pairs={headers} onChange={setHeaders} />
          {hasBody && <JsonBody value={body} onChange={setBody} />}
          <div className="grid gap-4 sm:grid-cols-2">
            <Field label="As if from the address" optional>
              <Input
                mono
                placeholder="203.0.113.7"
                value={address}
                onChange={(event) => setAddress(event.target.value)}
              />
            </Field>
            <Field label="As if from the origin" optional>
              <Input
                mono
                placeholder="https://app.example.com"
                value={origin}
                onChange={(event) => setOrigin(event.target.value)}
              />
            </Field>
          </div>
          <ToggleRow
            label="Apply the network rules"
            hint="Off: the call is made as if from an allowed place."
          >
            <Checkbox checked={applyNetworkAccess} onCheckedChange={setApply} />
          </ToggleRow>
          {problem !== undefined && <ProblemNotice problem={problem} />}
          <div>
            <Button kind="primary" type="submit" icon={Play} busy={busy} disabled={hasBody && !parsed.ok}>
              Send
            </Button>
          </div>
        </form>
      </Section>
      <TestAnswer result={result} />
    </div>
  )
}

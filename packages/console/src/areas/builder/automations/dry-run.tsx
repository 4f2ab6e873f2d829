import { type CodeDryRun, dryRunHandler } from '@holdfast/contracts/builder/code'
import type { Endpoint } from '@holdfast/contracts/builder/endpoints'
import { Play } from 'lucide-react'
import { useState } from 'react'
import { client } from '../../../lib/client.ts'
import { Button } from '../../../ui/button.tsx'
import { CodeEditor } from '../../../ui/code/code-editor.tsx'
import { Section } from '../../../ui/page.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { draftOf } from '../schema/draft.ts'
import { exampleOf } from '../schema/example.ts'
import { TriedCode } from './tried-code.tsx'

/** Runs the code as it stands in the editor, with a request that one makes up. */
export function DryRun({ endpoint, handler }: { endpoint: Endpoint; handler: Endpoint['handlers'][number] }) {
  const [sample, setSample] = useState(() =>
    JSON.stringify({ params: {}, query: {}, body: exampleOf(draftOf(endpoint.schema), true) }, null, 2),
  )
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>()
  const [result, setResult] = useState<CodeDryRun>()
  const request = readSample(sample)

  const run = async () => {
    if (request === null) return
    setBusy(true)
    setProblem(undefined)
    try {
      const { type, code } = handler
      const answer = await client.call(dryRunHandler, {
        params: { id: endpoint.id },
        body: { type, code, request },
      })
      setResult(answer.data)
    } catch (thrown) {
      setProblem(thrown)
    } finally {
      setBusy(false)
    }
  }

  return (
    <Section
      title="Try it"
      description="What it does to records is rolled back. What it sends with fetch is really sent."
    >
      <div className="flex flex-col gap-3">
        <CodeEditor
          label="Sample request"
          language="json"
          minHeightPx={120}
          value={sample}
          onChange={setSample}
        />
        {request === null && (
          <p role="alert" className="text-xs text-bad-ink">
            This is not valid JSON. Check quotes, commas and brackets.
          </p>
        )}
        <div>
          <Button icon={Play} busy={busy} disabled={request === null} onClick={() => void run()}>
            Run
          </Button>
        </div>
        {problem !== undefined && <ProblemNotice problem={problem} />}
        {result && <TriedCode {...result} />}
      </div>
    </Section>
  )
}

interface Sample {
  params: Record<string, string>
  query: Record<string, string>
  headers: Record<string, string>
  body?: unknown
}

/** The request to send, or null when the text is no JSON object. */
function readSample(text: string): Sample | null {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null) return null
    return { params: {}, query: {}, headers: {}, ...value }
  } catch {
    // The form says so under the editor.
    return null
  }
}

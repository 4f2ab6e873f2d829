import { dryRunCron } from '@holdfast/contracts/builder/automations/cron'
import type { CodeDryRun } from '@holdfast/contracts/builder/code'
import { useQuery } from '@tanstack/react-query'
import { FlaskConical } from 'lucide-react'
import { useMemo, useState } from 'react'
import { client } from '../../../lib/client.ts'
import { Button } from '../../../ui/button.tsx'
import { CodeEditor } from '../../../ui/code/code-editor.tsx'
import { useField } from '../../../ui/form/use-field.ts'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { declarationsOf } from './declarations.ts'
import { knownEndpointsQuery } from './queries.ts'
import { TriedCode } from './tried-code.tsx'

/** The code of a cron job, and what it would do. */
export function ScriptField() {
  const { field, error } = useField('javascriptCode')
  const known = useQuery(knownEndpointsQuery)
  const declarations = useMemo(() => declarationsOf(known.data ?? []), [known.data])
  const code = String(field.value ?? '')
  return (
    <div>
      <div className="mb-1 text-sm font-medium">Code</div>
      <CodeEditor
        label="Code"
        language="javascript"
        declarations={declarations}
        minHeightPx={180}
        value={code}
        onChange={field.onChange}
      />
      {error !== undefined && (
        <p role="alert" className="mt-1 text-xs text-bad-ink">
          {error}
        </p>
      )}
      <TryScript code={code} />
    </div>
  )
}

/** Runs the code as it stands in the editor. */
function TryScript({ code }: { code: string }) {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>()
  const [result, setResult] = useState<CodeDryRun>()
  const run = async () => {
    setBusy(true)
    setProblem(undefined)
    try {
      setResult((await client.call(dryRunCron, { body: { code } })).data)
    } catch (thrown) {
      setProblem(thrown)
    } finally {
      setBusy(false)
    }
  }
  return (
    <div className="mt-2 flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-3">
        <Button size="small" icon={FlaskConical} busy={busy} onClick={() => void run()}>
          Try it
        </Button>
        <span className="text-xs text-ink-muted">
          What it does to records is rolled back. What it sends with fetch is really sent.
        </span>
      </div>
      {problem !== undefined && <ProblemNotice problem={problem} />}
      {result && <TriedCode {...result} />}
    </div>
  )
}

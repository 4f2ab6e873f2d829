import { Problem } from '@holdfast/contracts/kit/problem'
import { useState } from 'react'
import { Button } from '../ui/button.tsx'
import { LineChart } from '../ui/chart/line-chart.tsx'
import { CodeEditor } from '../ui/code/code-editor.tsx'
import { ConfirmDanger } from '../ui/confirm-danger.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Notice } from '../ui/notice.tsx'
import { OperationView } from '../ui/operation-view.tsx'
import { Section } from '../ui/page.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { SecretOnce } from '../ui/secret-once.tsx'
import { notify, notifyProblem } from '../ui/toast.ts'

const problem = new Problem(
  'endpoints.path_reserved',
  400,
  'The product itself answers this path. Choose another one.',
  {
    requestId: '0190e0c4-7a2b-7cc3-98c5-1f2a3b4c5d6e',
  },
)
const start = 1_750_000_000
const times = Array.from({ length: 60 }, (_, index) => start + index * 60)
const requests = times.map((_, index) =>
  index > 20 && index < 26 ? null : 400 + Math.round(180 * Math.sin(index / 6)),
)
const errors = times.map((_, index) => (index % 13 === 0 ? 40 : 3))
const sampleCode =
  '{\n  "title": "Green tea",\n  "price": 4.5,\n  "inStock": true,\n  "tags": ["tea", null]\n}'

export function FeedbackSamples() {
  const [dialog, setDialog] = useState(false)
  const [danger, setDanger] = useState(false)
  const [code, setCode] = useState(sampleCode)
  return (
    <>
      <Section title="Feedback">
        <div className="flex flex-col gap-3">
          <Notice>Something worth knowing.</Notice>
          <Notice tone="ok">It worked.</Notice>
          <Notice tone="warn" title="Trial database">
            Install PostgreSQL before you rely on this.
          </Notice>
          <ProblemNotice problem={problem} onRetry={() => undefined} />
          <div className="flex flex-wrap gap-2">
            <Button onClick={() => notify('Saved', 'The endpoint answers from now on.')}>Toast</Button>
            <Button onClick={() => notifyProblem(problem)}>Problem toast</Button>
            <Button onClick={() => setDialog(true)}>Dialog</Button>
            <Button onClick={() => setDanger(true)}>Danger</Button>
          </div>
          <SecretOnce
            label="API token"
            secret="hf_3b1f9c0d5e7a4c2a"
            fileName="token.txt"
            hint="Keep it in a secret store."
          />
          <OperationView
            title="Import of products.csv"
            state="running"
            progress={0.42}
            detail="21,000 of 50,000 rows"
            startedAt="2026-01-02T03:04:05.000Z"
            log={['Reading the header', '21,000 rows written, 3 refused']}
            onCancel={() => undefined}
          />
          <OperationView
            title="Export"
            state="failed"
            progress={null}
            startedAt="2026-01-02T03:04:05.000Z"
            problem={problem}
          />
        </div>
      </Section>
      <Section title="Chart">
        <LineChart
          title="Requests"
          times={times}
          series={[
            { label: 'Requests', values: requests },
            { label: 'Errors', values: errors, tone: 'bad' },
          ]}
        />
      </Section>
      <Section title="Code">
        <CodeEditor label="Example record" language="json" value={code} onChange={setCode} />
      </Section>
      <Dialog
        open={dialog}
        onClose={() => setDialog(false)}
        title="A question"
        description="With a sentence that explains it."
        footer={
          <Button kind="primary" onClick={() => setDialog(false)}>
            Understood
          </Button>
        }
      >
        <p>Content.</p>
      </Dialog>
      <ConfirmDanger
        open={danger}
        onClose={() => setDanger(false)}
        title="Delete the endpoint Products?"
        consequences={['1,204 records are deleted with it.', '3 endpoints still reference it.']}
        typeToConfirm="Products"
        action="Delete endpoint"
        onConfirm={async () => await Promise.resolve()}
      />
    </>
  )
}

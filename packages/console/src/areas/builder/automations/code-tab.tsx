import type { Endpoint } from '@holdfast/contracts/builder/endpoints'
import { useQuery } from '@tanstack/react-query'
import { Code, Plus, Trash2 } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useMay } from '../../../lib/session.ts'
import { Button } from '../../../ui/button.tsx'
import { CodeEditor } from '../../../ui/code/code-editor.tsx'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { Field, ToggleRow } from '../../../ui/field.tsx'
import { Input } from '../../../ui/input.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Section } from '../../../ui/page.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { Select } from '../../../ui/select.tsx'
import { Switch } from '../../../ui/switch.tsx'
import { useEndpoint } from '../editor/endpoint-context.ts'
import { useEndpointDraft } from '../editor/use-endpoint-draft.ts'
import { SaveBar } from '../save-bar.tsx'
import { declarationsOf } from './declarations.ts'
import { DryRun } from './dry-run.tsx'
import { handlerWords, sampleCode } from './handler-words.ts'
import { handlerRunsQuery, knownEndpointsQuery } from './queries.ts'
import { RunList } from './run-list.tsx'

type Handler = Endpoint['handlers'][number]

const typeOptions = Object.entries(handlerWords).map(([value, { label, hint }]) => ({
  value: value as Handler['type'],
  label,
  hint,
}))

/** Code that runs around the endpoint, or instead of it: written, tried out, and seen at work. */
export default function CodeTab() {
  const endpoint = useEndpoint()
  const mayManage = useMay('manage_api')
  const [chosen, setChosen] = useState(0)
  const draft = useEndpointDraft(endpoint, { handlers: endpoint.handlers })
  const { handlers } = draft.value
  const handler = handlers[chosen]
  const known = useQuery(knownEndpointsQuery)
  const declarations = useMemo(
    () => declarationsOf([endpoint, ...(known.data ?? [])], endpoint.collectionId),
    [endpoint, known.data],
  )
  if (endpoint.isSystem) return <Notice>Endpoints of the product itself run no code of yours.</Notice>

  const change = (part: Partial<Handler>) =>
    draft.set({ handlers: handlers.map((one, index) => (index === chosen ? { ...one, ...part } : one)) })
  const add = () => {
    draft.set({
      handlers: [
        ...handlers,
        {
          name: `Handler ${handlers.length + 1}`,
          type: 'javascript',
          code: sampleCode.javascript,
          enabled: true,
        },
      ],
    })
    setChosen(handlers.length)
  }
  const remove = () => {
    draft.set({ handlers: handlers.filter((_one, index) => index !== chosen) })
    setChosen(Math.max(0, chosen - 1))
  }

  return (
    <>
      {draft.problem !== undefined && <ProblemNotice problem={draft.problem} />}
      {handlers.length === 0 && (
        <EmptyState
          icon={Code}
          title="No code runs here"
          action={
            mayManage && (
              <Button kind="primary" icon={Plus} onClick={add}>
                Add handler
              </Button>
            )
          }
        >
          A handler checks or changes a request before it is served, changes the answer, acts afterwards, or
          answers itself.
        </EmptyState>
      )}
      {handler && (
        <div className="grid items-start gap-x-6 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
          <Section
            title="Handlers"
            description={handlerWords[handler.type].hint}
            action={
              mayManage && (
                <Button size="small" icon={Plus} onClick={add}>
                  Add
                </Button>
              )
            }
          >
            <div className="flex flex-col gap-4">
              <Field label="Handler">
                <Select
                  options={handlers.map((one, index) => ({ value: String(index), label: one.name }))}
                  value={String(chosen)}
                  onChange={(value) => setChosen(Number(value))}
                />
              </Field>
              <div className="grid gap-4 sm:grid-cols-2">
                <Field label="Name">
                  <Input
                    value={handler.name}
                    maxLength={80}
                    disabled={!mayManage}
                    onChange={(event) => change({ name: event.target.value })}
                  />
                </Field>
                <Field label="Runs">
                  <Select
                    options={typeOptions}
                    value={handler.type}
                    disabled={!mayManage}
                    onChange={(type) => change({ type })}
                  />
                </Field>
              </div>
              <div>
                <div className="mb-1 text-sm font-medium">Code</div>
                <CodeEditor
                  label="Code"
                  language="javascript"
                  declarations={declarations}
                  minHeightPx={260}
                  readOnly={!mayManage}
                  value={handler.code}
                  onChange={(code) => change({ code })}
                />
              </div>
              <div className="flex flex-wrap items-center gap-4">
                <ToggleRow label="On" hint="Runs on every request once it is saved.">
                  <Switch
                    checked={handler.enabled}
                    disabled={!mayManage}
                    onCheckedChange={(enabled) => change({ enabled })}
                  />
                </ToggleRow>
                {mayManage && (
                  <Button kind="quiet" icon={Trash2} className="ml-auto" onClick={remove}>
                    Remove
                  </Button>
                )}
              </div>
            </div>
          </Section>
          <div>
            {mayManage && <DryRun endpoint={endpoint} handler={handler} />}
            {mayManage && <Runs endpointId={endpoint.id} />}
          </div>
        </div>
      )}
      <SaveBar
        dirty={draft.dirty}
        busy={draft.busy}
        onSave={() => void draft.save()}
        onDiscard={() => {
          draft.discard()
          setChosen(0)
        }}
      />
    </>
  )
}

function Runs({ endpointId }: { endpointId: string }) {
  const runs = useQuery(handlerRunsQuery(endpointId))
  return (
    <Section title="Runs" description="The last 50 of each handler, with what they wrote to the console.">
      {runs.error && <ProblemNotice problem={runs.error} />}
      <RunList
        label="Runs of handlers"
        empty="No handler of this endpoint has run yet."
        runs={(runs.data ?? []).map((run) => ({
          ...run,
          state: run.error === null ? 'success' : 'error',
          title: run.error === null ? run.handler : `${run.handler}: ${run.error.message}`,
          at: run.createdAt,
        }))}
      />
    </Section>
  )
}

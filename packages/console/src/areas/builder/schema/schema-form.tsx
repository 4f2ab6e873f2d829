import type { Endpoint } from '@holdfast/contracts/builder/endpoints'
import { Plus, Rows3 } from 'lucide-react'
import { useMemo, useState } from 'react'
import { plural } from '../../../lib/format.ts'
import { describeProblem } from '../../../lib/problem-text.ts'
import { Button } from '../../../ui/button.tsx'
import { Checkbox } from '../../../ui/checkbox.tsx'
import { CodeBlock } from '../../../ui/code-block.tsx'
import { ConfirmDanger } from '../../../ui/confirm-danger.tsx'
import { ToggleRow } from '../../../ui/field.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { notify } from '../../../ui/toast.ts'
import { OperationProgress } from '../operation-progress.tsx'
import { SaveBar } from '../save-bar.tsx'
import { texts } from '../strings.ts'
import {
  addField,
  type Draft,
  draftIssues,
  draftOf,
  fieldAtPath,
  moveField,
  newField,
  removeField,
  sameDraft,
  updateField,
} from './draft.ts'
import { exampleAnswer } from './example.ts'
import { FieldList } from './field-list.tsx'
import { levelsOf } from './levels.ts'
import { affectedFields, saveSchema } from './save-schema.ts'
import { SchemaContext } from './schema-context.ts'
import { SchemaVersions } from './schema-versions.tsx'

export interface SchemaFormProps {
  endpoint: Endpoint
  siblings: readonly Endpoint[]
  readOnly: boolean
}

/** Edits a schema. What would take values away is asked about, with the number of records, before it happens. */
export function SchemaForm({ endpoint, siblings, readOnly }: SchemaFormProps) {
  const stored = useMemo(() => draftOf(endpoint.schema), [endpoint.schema])
  const [draft, setDraft] = useState(stored)
  const [openKey, setOpenKey] = useState<string | null>(null)
  const [checked, setChecked] = useState(false)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>()
  const [affected, setAffected] = useState<Array<{ field: string; records: number }> | null>(null)
  const [operations, setOperations] = useState<string[]>([])
  const others = siblings.filter((one) => one.id !== endpoint.id)
  // Those that are alike now should stay alike, unless somebody decides otherwise.
  const alike = others.filter((one) => sameDraft(draftOf(one.schema), stored))
  const [shareChosen, setShare] = useState<boolean>()
  const share = shareChosen ?? (others.length > 0 && alike.length === others.length)

  const dirty = !sameDraft(draft, stored)
  const found = draftIssues(draft)
  const issues = checked ? withServerIssues(found, problem, draft) : new Map<string, string>()
  const levels = levelsOf(draft)

  const save = async (confirm: boolean) => {
    setChecked(true)
    setProblem(undefined)
    const firstIssue = found.keys().next().value
    if (firstIssue !== undefined) {
      document.querySelector<HTMLElement>(`[data-field-name="${firstIssue}"]`)?.focus()
      return
    }
    setBusy(true)
    try {
      setOperations(await saveSchema({ endpoint, alsoTo: share ? others : [], draft, confirm }))
      notify(
        'Schema saved',
        share && others.length > 0 ? `For ${plural(others.length + 1, 'method')} of this path.` : undefined,
      )
    } catch (thrown) {
      const losing = affectedFields(thrown)
      if (losing && !confirm) setAffected(losing)
      else if (confirm) throw thrown
      else setProblem(thrown)
    } finally {
      setBusy(false)
    }
  }

  const add = (parentKey: string | null) => {
    const field = newField()
    setDraft((before) => addField(before, parentKey, field))
    requestAnimationFrame(() =>
      document.querySelector<HTMLElement>(`[data-field-name="${field.key}"]`)?.focus(),
    )
  }

  return (
    <SchemaContext
      value={{
        readOnly,
        issues,
        openKey,
        setOpenKey,
        stored,
        update: (key, changes) => setDraft((before) => updateField(before, key, changes)),
        remove: (key) => setDraft((before) => removeField(before, key)),
        move: (key, overKey) => setDraft((before) => moveField(before, key, overKey)),
        add,
        levelOf: (key) => levels.get(key) ?? 1,
      }}
    >
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_minmax(18rem,24rem)]">
        <div className="min-w-0">
          {problem !== undefined && (
            <div className="mb-3">
              <ProblemNotice problem={problem} />
            </div>
          )}
          {operations.map((id) => (
            <div key={id} className="mb-3">
              <OperationProgress id={id} />
            </div>
          ))}
          {draft.length === 0 && (
            <div className="mb-3 flex flex-col items-center gap-2 rounded-md border border-dashed border-line-strong px-4 py-8 text-center">
              <Rows3 aria-hidden className="size-5 text-accent-ink" />
              <p className="max-w-100 text-sm text-ink-muted">
                Without fields any JSON object is accepted and stored as it is. Add fields to have values
                checked, filtered, sorted and documented.
              </p>
            </div>
          )}
          <FieldList fields={draft} label="Fields" />
          {!readOnly && (
            <Button className="mt-3" icon={Plus} onClick={() => add(null)}>
              Add field
            </Button>
          )}
          <SaveBar
            dirty={dirty}
            busy={busy}
            onSave={() => void save(false)}
            onDiscard={() => {
              setDraft(stored)
              setChecked(false)
              setProblem(undefined)
            }}
          />
        </div>
        <div className="flex min-w-0 flex-col gap-4 lg:sticky lg:top-0">
          <CodeBlock title="A record, as it is read" code={exampleAnswer(draft)} />
          {others.length > 0 && !readOnly && (
            <ToggleRow
              label={`Keep ${others.map((one) => one.method).join(', ')} the same`}
              hint="Names and types are shared by all methods of a path in any case; this also shares the rest."
            >
              <Checkbox checked={share} onCheckedChange={setShare} />
            </ToggleRow>
          )}
          <SchemaVersions endpoint={endpoint} readOnly={readOnly} onOperations={setOperations} />
        </div>
      </div>
      <ConfirmDanger
        open={affected !== null}
        onClose={() => setAffected(null)}
        title="Take away fields that hold values?"
        consequences={[
          ...(affected ?? []).map(({ field, records }) => (
            <span key={field}>
              <span className="font-mono">{field}</span> holds a value in {plural(records, 'record')}.
            </span>
          )),
          'Applications no longer see these values, and cannot filter or sort by them.',
          texts.keptValues,
        ]}
        action="Save anyway"
        onConfirm={() => save(true)}
      />
    </SchemaContext>
  )
}

/** What the server found, beside the fields it speaks of. */
function withServerIssues(found: Map<string, string>, problem: unknown, draft: Draft): Map<string, string> {
  if (problem === undefined) return found
  for (const { path, message } of describeProblem(problem).details) {
    const field = fieldAtPath(draft, path.split('.'))
    if (field && !found.has(field.key)) found.set(field.key, message)
  }
  return found
}

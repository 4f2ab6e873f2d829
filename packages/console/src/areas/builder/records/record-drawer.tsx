import { useQueryClient } from '@tanstack/react-query'
import { Trash2 } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../../ui/button.tsx'
import { CopyButton } from '../../../ui/code-block.tsx'
import { Drawer } from '../../../ui/drawer.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { notify } from '../../../ui/toast.ts'
import { RelativeTime } from '../../../ui/values.tsx'
import { UnsavedGuard } from '../unsaved-guard.tsx'
import { createRecord, patchAsSeen, patchRecord, type StoredRecord } from './api.ts'
import { writableFields } from './collection.ts'
import { useOpenCollection } from './collection-context.ts'
import { DeleteRecords } from './delete-records.tsx'
import { FieldControls } from './field-controls.tsx'
import { FreeFormControl } from './free-form-control.tsx'
import { recordLabel } from './labels.ts'
import { changedValues, checkValues, errorsByPath, freeFormOf, startValues } from './record-values.ts'
import { recordsKey } from './use-records.ts'

export interface RecordDrawerProps {
  /** Absent for a new one. */
  record?: StoredRecord
  onClose: () => void
}

/** Everything in one record, as a form made from the schema. Saving sends only what was changed. */
export function RecordDrawer({ record, onClose }: RecordDrawerProps) {
  const { collection } = useOpenCollection()
  const queries = useQueryClient()
  const through = record ? collection.by.PATCH : collection.by.POST
  const fields = writableFields(through ?? collection.by.GET)
  const isFree = fields.length === 0
  const [stored] = useState(() => (isFree ? freeFormOf(record) : startValues(fields, record)))
  const [values, setValues] = useState(stored)
  const [errors, setErrors] = useState<ReadonlyMap<string, string>>(new Map())
  const [problem, setProblem] = useState<unknown>()
  const [hasConflict, setHasConflict] = useState(false)
  const [busy, setBusy] = useState(false)
  const [saved, setSaved] = useState(false)
  const [deleting, setDeleting] = useState(false)
  const dirty = !saved && JSON.stringify(values) !== JSON.stringify(stored)
  const locked = through === undefined

  /** False when somebody else changed the record after it was opened; then nothing was saved. */
  const store = async (body: Record<string, unknown>, overwrite: boolean) => {
    if (!record) return Boolean(await createRecord(collection.path, body))
    const changes = changedValues(body, checkValues(fields, stored).body)
    if (overwrite) return Boolean(await patchRecord(collection.path, record.id, changes))
    return (await patchAsSeen(collection.path, record, changes)) === 'stored'
  }

  const save = async (overwrite = false) => {
    const checked = checkValues(fields, values)
    setErrors(checked.errors)
    setProblem(undefined)
    if (checked.errors.size > 0) return
    setBusy(true)
    try {
      const isStored = await store(checked.body, overwrite)
      await queries.invalidateQueries({ queryKey: recordsKey(collection.path) })
      setHasConflict(!isStored)
      if (!isStored) return
      notify(record ? 'Saved' : 'Record added')
      setSaved(true)
      queueMicrotask(onClose)
    } catch (thrown) {
      const found = errorsByPath(thrown)
      setErrors(found)
      setProblem(thrown)
    } finally {
      setBusy(false)
    }
  }

  return (
    <Drawer
      title={record ? recordLabel(record) : 'Add record'}
      onClose={onClose}
      footer={
        <>
          {record && collection.by.DELETE && (
            <Button kind="quiet" icon={Trash2} className="mr-auto" onClick={() => setDeleting(true)}>
              Delete
            </Button>
          )}
          <Button onClick={onClose}>{locked ? 'Close' : 'Cancel'}</Button>
          {!locked && (
            <Button kind="primary" type="submit" form="record" busy={busy}>
              {record ? 'Save' : 'Add record'}
            </Button>
          )}
        </>
      }
    >
      {record && (
        <p className="mb-4 flex flex-wrap items-center gap-x-3 text-xs text-ink-subtle">
          <span className="inline-flex items-center font-mono">
            {record.id}
            <CopyButton text={record.id} />
          </span>
          <span>
            Created <RelativeTime at={record.createdAt} />
          </span>
          <span>
            Changed <RelativeTime at={record.updatedAt} />
          </span>
        </p>
      )}
      {locked && (
        <div className="mb-4">
          <Notice>
            This can only be read: no endpoint of this path that lets you in {record ? 'changes' : 'creates'}{' '}
            records ({record ? 'PATCH' : 'POST'}).
          </Notice>
        </div>
      )}
      <form
        id="record"
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          void save()
        }}
      >
        {problem !== undefined && <ProblemNotice problem={problem} />}
        {hasConflict && (
          <Notice
            tone="warn"
            title="Somebody changed this record while you had it open"
            action={<Button onClick={() => void save(true)}>Save mine</Button>}
          >
            Nothing was saved. Close it to see what is there now, or save what you changed over it.
          </Notice>
        )}
        {isFree ? (
          <FreeFormControl values={values} disabled={locked} onChange={setValues} errors={errors} />
        ) : (
          <FieldControls
            fields={fields}
            values={values}
            errors={errors}
            path=""
            disabled={locked}
            onChange={setValues}
          />
        )}
      </form>
      <UnsavedGuard dirty={dirty && !busy} />
      {record && (
        <DeleteRecords
          ids={[record.id]}
          open={deleting}
          onClose={() => setDeleting(false)}
          onDeleted={() => {
            setSaved(true)
            notify('Record deleted')
            queueMicrotask(onClose)
          }}
        />
      )}
    </Drawer>
  )
}

import { type importModes, importProject, type ProjectImported } from '@holdfast/contracts/builder/project'
import { isProblem } from '@holdfast/contracts/kit/problem'
import { FileUp } from 'lucide-react'
import { useRef, useState } from 'react'
import { client } from '../../../lib/client.ts'
import { queryClient } from '../../../lib/query.ts'
import { Button } from '../../../ui/button.tsx'
import { Field } from '../../../ui/field.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Section } from '../../../ui/page.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { Select } from '../../../ui/select.tsx'
import { changesOf, DifferenceList } from './difference-list.tsx'

type Mode = (typeof importModes)[number]
const modeOptions = [
  { value: 'merge', label: 'Merge', hint: 'Adds and changes; what the file does not name stays.' },
  {
    value: 'replace',
    label: 'Replace',
    hint: 'Deletes what a list of the file does not name; records only where it says that it has all of them.',
  },
] as const

/** Brings a file in: the differences first, then all of them or nothing. */
export function ImportSection() {
  const input = useRef<HTMLInputElement>(null)
  const [file, setFile] = useState<File>()
  const [mode, setMode] = useState<Mode>('merge')
  const [found, setFound] = useState<ProjectImported>()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>()

  const send = async (body: File, as: Mode, dryRun: boolean, confirm = false) => {
    setBusy(true)
    setProblem(undefined)
    try {
      const { data } = await client.call(
        importProject,
        { query: { mode: as, dryRun: dryRun ? 'true' : 'false', confirm: confirm ? 'true' : 'false' }, body },
        { headers: { 'content-type': typeOf(body.name) } },
      )
      setFound(data)
      if (!dryRun) await queryClient.invalidateQueries()
    } catch (thrown) {
      setProblem(thrown)
      // What was shown may not be what is there any more.
      if (!isProblem(thrown, 'project.loses_data')) setFound(undefined)
    } finally {
      setBusy(false)
    }
  }
  const look = (chosen: File | undefined, as: Mode) => {
    setFile(chosen)
    setMode(as)
    setFound(undefined)
    if (chosen) void send(chosen, as, true)
  }

  return (
    <Section
      title="Import"
      description="Shows what would change before anything does. It is all done, or nothing is."
    >
      <div className="flex flex-col gap-4">
        <Field label="What is not in the file">
          <Select options={modeOptions} value={mode} onChange={(next) => look(file, next)} />
        </Field>
        <div className="flex items-center gap-3">
          <Button icon={FileUp} busy={busy} onClick={() => input.current?.click()}>
            {file ? 'Choose another file' : 'Choose a file'}
          </Button>
          {file && <span className="truncate text-sm text-ink-muted">{file.name}</span>}
        </div>
        <input
          ref={input}
          type="file"
          aria-label="Bundle to import"
          className="sr-only"
          tabIndex={-1}
          accept=".json,.ndjson"
          onChange={(event) => {
            const chosen = event.target.files?.[0]
            event.target.value = ''
            look(chosen, mode)
          }}
        />
        {problem !== undefined && <ProblemNotice problem={problem} />}
        {found && (
          <Outcome found={found} busy={busy} onImport={() => file && void send(file, mode, false, true)} />
        )}
      </div>
    </Section>
  )
}

const typeOf = (name: string) => (name.endsWith('.ndjson') ? 'application/x-ndjson' : 'application/json')

function Outcome({ found, busy, onImport }: { found: ProjectImported; busy: boolean; onImport: () => void }) {
  const isNothing =
    found.differences.length === 0 && found.records.every((counts) => changesOf(counts).length === 0)
  if (isNothing) return <Notice tone="ok">Nothing to do: everything in the file is here already.</Notice>
  return (
    <>
      {!found.dryRun && <Notice tone="ok">Imported.</Notice>}
      <DifferenceList found={found} />
      {!found.dryRun &&
        found.notes.map((note) => (
          <Notice key={note} tone="info">
            {note}
          </Notice>
        ))}
      {found.dryRun && (
        <div>
          <Button kind={found.losses.length > 0 ? 'danger' : 'primary'} busy={busy} onClick={onImport}>
            {found.losses.length > 0 ? 'Import, and let them go' : 'Import'}
          </Button>
        </div>
      )}
    </>
  )
}

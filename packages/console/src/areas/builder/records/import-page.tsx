import { useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { FileUp } from 'lucide-react'
import { useRef, useState } from 'react'
import { classNames } from '../../../lib/class-names.ts'
import { formatBytes } from '../../../lib/format.ts'
import { Button } from '../../../ui/button.tsx'
import { Drawer } from '../../../ui/drawer.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { OperationProgress } from '../operation-progress.tsx'
import { useOpenCollection } from './collection-context.ts'
import { importFormats, startImport } from './import.ts'
import { ImportResult } from './import-result.tsx'
import { recordsKey } from './use-records.ts'
import { readRecordsView } from './view.ts'

/** Brings records in from a file. The work goes on when this is closed; its operation is in the address. */
export default function ImportPage() {
  const { collection, endpointId } = useOpenCollection()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const { operation: operationId } = useSearch({ from: '/shell/build/records/$endpointId/import' })
  const [sending, setSending] = useState<File | null>(null)
  const [problem, setProblem] = useState<unknown>()
  const endpoint = collection.by.POST
  const close = () =>
    void navigate({
      to: '/build/records/$endpointId',
      params: { endpointId },
      search: (previous) => readRecordsView(previous),
    })
  /** The operation is in the address, so that a reload goes on showing it. */
  const follow = (operation: string | undefined) =>
    navigate({
      to: '/build/records/$endpointId/import',
      params: { endpointId },
      search: (previous) => ({ ...readRecordsView(previous), ...(operation && { operation }) }),
      replace: true,
    })

  const send = async (file: File) => {
    if (!endpoint) return
    setSending(file)
    setProblem(undefined)
    try {
      await follow(await startImport(endpoint.id, file))
    } catch (thrown) {
      setProblem(thrown)
    } finally {
      setSending(null)
    }
  }

  return (
    <Drawer
      title={`Import into ${collection.path}`}
      onClose={close}
      footer={
        <Button kind={operationId ? 'primary' : 'secondary'} onClick={close}>
          {operationId ? 'Done' : 'Cancel'}
        </Button>
      }
    >
      <div className="flex flex-col gap-4">
        {problem !== undefined && <ProblemNotice problem={problem} />}
        {operationId ? (
          <>
            <OperationProgress
              id={operationId}
              title="Importing records"
              onFinished={() => void queries.invalidateQueries({ queryKey: recordsKey(collection.path) })}
            >
              {(found) => <ImportResult operation={found} />}
            </OperationProgress>
            <div>
              <Button onClick={() => void follow(undefined)}>Import another file</Button>
            </div>
          </>
        ) : (
          <DropZone sending={sending} onFile={(file) => void send(file)} />
        )}
      </div>
    </Drawer>
  )
}

function DropZone({ sending, onFile }: { sending: File | null; onFile: (file: File) => void }) {
  const [over, setOver] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  return (
    <div
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        const file = event.dataTransfer.files[0]
        if (file) onFile(file)
      }}
      className={classNames(
        'flex flex-col items-center gap-3 rounded-md border border-dashed px-4 py-10 text-center',
        over ? 'border-accent bg-accent-soft' : 'border-line-strong',
      )}
    >
      <FileUp aria-hidden className="size-6 text-accent-ink" />
      <p className="text-sm font-medium">Drop a file here</p>
      <p className="max-w-80 text-sm text-ink-muted">
        NDJSON, CSV or JSON, of any size. Every row is checked like a record that an application sends; rows
        that are refused are listed, the others are stored.
      </p>
      <Button kind="primary" busy={sending !== null} onClick={() => input.current?.click()}>
        {sending ? `Sending ${sending.name} (${formatBytes(sending.size)})` : 'Choose a file'}
      </Button>
      <input
        ref={input}
        type="file"
        aria-label="File to import"
        className="sr-only"
        tabIndex={-1}
        accept={importFormats.flatMap((format) => format.endings).join(',')}
        onChange={(event) => {
          const file = event.target.files?.[0]
          event.target.value = ''
          if (file) onFile(file)
        }}
      />
    </div>
  )
}

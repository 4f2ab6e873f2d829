import {
  createDocument,
  deleteDocument,
  type RawDocument,
  updateDocument,
} from '@holdfast/contracts/platform/explorer'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { Trash2 } from 'lucide-react'
import { useState } from 'react'
import { client } from '../../../lib/client.ts'
import { Button } from '../../../ui/button.tsx'
import { CodeEditor } from '../../../ui/code/code-editor.tsx'
import { ConfirmDanger } from '../../../ui/confirm-danger.tsx'
import { Drawer } from '../../../ui/drawer.tsx'
import { IconButton } from '../../../ui/icon-button.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { notify } from '../../../ui/toast.ts'
import { editableText, readObject, samples, titleOf } from './document-words.ts'
import { documentQuery, forgetDocuments, useCollection } from './queries.ts'

/** One document of a collection, or a new one. */
export default function DocumentDrawer() {
  const { collection = '', documentId } = useParams({ strict: false })
  const navigate = useNavigate()
  const close = () =>
    void navigate({ to: '/admin/database/$collection', params: { collection }, search: true })
  if (documentId === undefined) return <DocumentEditor name={collection} document={null} onClose={close} />
  return <OpenDocument name={collection} id={documentId} onClose={close} />
}

function OpenDocument({ name, id, onClose }: { name: string; id: string; onClose: () => void }) {
  const document = useQuery(documentQuery(name, id))
  if (document.data) return <DocumentEditor key={id} name={name} document={document.data} onClose={onClose} />
  return (
    <Drawer title="Document" onClose={onClose}>
      {document.error ? (
        <ProblemNotice problem={document.error} onRetry={() => void document.refetch()} />
      ) : (
        <div aria-busy className="h-60 animate-pulse rounded-md bg-sunken" />
      )}
    </Drawer>
  )
}

interface EditorProps {
  name: string
  /** Null for a new one. */
  document: RawDocument | null
  onClose: () => void
}

function DocumentEditor({ name, document, onClose }: EditorProps) {
  const operations = useCollection(name)?.operations ?? []
  const canSave = operations.includes(document === null ? 'create' : 'update')
  const [text, setText] = useState(() =>
    document === null ? JSON.stringify(samples[name] ?? {}, null, 2) : editableText(document),
  )
  const [problem, setProblem] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const [deleting, setDeleting] = useState(false)
  const title = document === null ? 'New document' : titleOf(document)

  const save = async () => {
    const body = readObject(text)
    if (typeof body === 'string') {
      setProblem(body)
      return
    }
    setBusy(true)
    setProblem(undefined)
    try {
      if (document === null) await client.call(createDocument, { params: { name }, body })
      else await client.call(updateDocument, { params: { name, id: document.id }, body })
      await forgetDocuments()
      notify(document === null ? 'The document is created' : 'The document is saved')
      onClose()
    } catch (thrown) {
      setProblem(thrown)
    } finally {
      setBusy(false)
    }
  }

  return (
    <Drawer
      title={title}
      size="large"
      onClose={onClose}
      actions={
        document !== null &&
        operations.includes('delete') && (
          <IconButton icon={Trash2} label="Delete document" onClick={() => setDeleting(true)} />
        )
      }
      footer={
        <>
          <Button onClick={onClose}>{canSave ? 'Cancel' : 'Close'}</Button>
          {canSave && (
            <Button kind="primary" busy={busy} onClick={() => void save()}>
              {document === null ? 'Create document' : 'Save document'}
            </Button>
          )}
        </>
      }
    >
      <div className="flex flex-col gap-3">
        {typeof problem === 'string' && <Notice tone="bad">{problem}</Notice>}
        {problem !== undefined && typeof problem !== 'string' && <ProblemNotice problem={problem} />}
        {document !== null && <p className="font-mono text-xs text-ink-muted">{document.id}</p>}
        <CodeEditor
          value={canSave || document === null ? text : JSON.stringify(document, null, 2)}
          onChange={setText}
          language="json"
          label="Document as JSON"
          readOnly={!canSave}
          minHeightPx={360}
        />
      </div>
      {document !== null && (
        <ConfirmDanger
          open={deleting}
          onClose={() => setDeleting(false)}
          title={`Delete ${title}?`}
          consequences={['The document is gone for good, with what depends on it.']}
          action="Delete document"
          onConfirm={async () => {
            await client.call(deleteDocument, { params: { name, id: document.id } })
            await forgetDocuments()
            notify(`${title} is deleted`)
            onClose()
          }}
        />
      )}
    </Drawer>
  )
}

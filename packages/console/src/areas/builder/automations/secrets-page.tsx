import { type CodeSecret, deleteSecret } from '@holdfast/contracts/builder/code'
import { useQuery } from '@tanstack/react-query'
import { KeyRound, Plus } from 'lucide-react'
import { useState } from 'react'
import { client } from '../../../lib/client.ts'
import { Button } from '../../../ui/button.tsx'
import { ConfirmDanger } from '../../../ui/confirm-danger.tsx'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { Page } from '../../../ui/page.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import type { Column } from '../../../ui/table/columns.ts'
import { DataTable } from '../../../ui/table/data-table.tsx'
import { notify } from '../../../ui/toast.ts'
import { RelativeTime } from '../../../ui/values.tsx'
import { forgetSecrets, secretsQuery } from './queries.ts'
import { SecretDialog } from './secret-dialog.tsx'

/** Values that code may read by name. They are never shown. */
export default function SecretsPage() {
  const secrets = useQuery(secretsQuery)
  const [editing, setEditing] = useState<CodeSecret | 'new' | null>(null)
  const [deleting, setDeleting] = useState<CodeSecret | null>(null)
  const remove = async () => {
    if (deleting === null) return
    await client.call(deleteSecret, { params: { name: deleting.name } })
    await forgetSecrets()
    notify(`${deleting.name} was deleted`)
    setDeleting(null)
  }
  const columns: Column<CodeSecret>[] = [
    {
      id: 'name',
      header: 'Name',
      isTitle: true,
      cell: ({ name }) => <span className="font-mono text-xs">{name}</span>,
      sortBy: ({ name }) => name,
    },
    { id: 'description', header: 'Description', cell: ({ description }) => description },
    { id: 'updatedBy', header: 'Set by', width: '140px', cell: ({ updatedBy }) => updatedBy },
    {
      id: 'updatedAt',
      header: 'Set',
      width: '120px',
      cell: ({ updatedAt }) => <RelativeTime at={updatedAt} />,
    },
    {
      id: 'delete',
      header: 'Actions',
      width: '110px',
      align: 'end',
      cell: (secret) => (
        <Button size="small" kind="quiet" onClick={() => setDeleting(secret)}>
          Delete
        </Button>
      ),
    },
  ]
  const add = (
    <Button kind="primary" icon={Plus} onClick={() => setEditing('new')}>
      Add secret
    </Button>
  )
  return (
    <Page
      title="Secrets"
      description="Code reads them with secrets.get(name). They are encrypted, never shown, and masked in its output."
      request={{ method: 'GET', path: '/api/secrets' }}
      action={add}
    >
      {secrets.error && <ProblemNotice problem={secrets.error} onRetry={() => void secrets.refetch()} />}
      {!secrets.error && (
        <DataTable
          name="secrets"
          label="Secrets"
          columns={columns}
          rows={secrets.data ?? []}
          rowId={({ name }) => name}
          loading={secrets.isPending}
          onOpen={setEditing}
          empty={
            <EmptyState icon={KeyRound} title="No secrets" action={add}>
              Keep the keys of other services here instead of in code.
            </EmptyState>
          }
        />
      )}
      {editing !== null && (
        <SecretDialog {...(editing !== 'new' && { secret: editing })} onClose={() => setEditing(null)} />
      )}
      {deleting !== null && (
        <ConfirmDanger
          open
          onClose={() => setDeleting(null)}
          title={`Delete ${deleting.name}?`}
          consequences={['Code that reads it fails from that moment on.']}
          typeToConfirm={deleting.name}
          action="Delete secret"
          onConfirm={remove}
        />
      )}
    </Page>
  )
}

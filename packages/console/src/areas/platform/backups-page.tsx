import { type Backup, deleteBackup, listBackups } from '@holdfast/contracts/platform/backups'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { DatabaseBackup, Download, RotateCcw, Trash2 } from 'lucide-react'
import { useMemo, useState } from 'react'
import { apiUrl } from '../../lib/base.ts'
import { client } from '../../lib/client.ts'
import { formatExactTime, formatNumber } from '../../lib/format.ts'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { ConfirmDanger } from '../../ui/confirm-danger.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Page } from '../../ui/page.tsx'
import { ProblemNotice } from '../../ui/problem-notice.tsx'
import type { Column } from '../../ui/table/columns.ts'
import { DataTable } from '../../ui/table/data-table.tsx'
import { Bytes, Nothing, RelativeTime } from '../../ui/values.tsx'
import { NewBackupDialog, RestoreDialog } from './backup-dialogs.tsx'
import { BackupProgress } from './backup-progress.tsx'

const refreshEveryMs = 5_000
const stateWords: Record<Backup['state'], { label: string; tone: Tone }> = {
  running: { label: 'Running', tone: 'neutral' },
  ready: { label: 'Verified', tone: 'ok' },
  failed: { label: 'Failed', tone: 'bad' },
}
const originWords = { manual: 'By hand', scheduled: 'By schedule', command: 'By command' } as const
const lockWords = { none: 'No', passphrase: 'Passphrase', recipient: 'Recipient' } as const

const facts: ReadonlyArray<Column<Backup>> = [
  { id: 'made', header: 'Made', isTitle: true, cell: (backup) => <RelativeTime at={backup.created_at} /> },
  {
    id: 'state',
    header: 'State',
    width: '112px',
    cell: ({ state }) => <Badge tone={stateWords[state].tone}>{stateWords[state].label}</Badge>,
  },
  {
    id: 'size',
    header: 'Size',
    width: '96px',
    align: 'end',
    cell: ({ size_bytes: size }) => (size === null ? <Nothing text="–" /> : <Bytes value={size} />),
  },
  {
    id: 'rows',
    header: 'Rows',
    width: '96px',
    align: 'end',
    cell: ({ rows }) => (rows === null ? <Nothing text="–" /> : formatNumber(rows)),
  },
  { id: 'origin', header: 'Why', width: '112px', cell: ({ origin }) => originWords[origin] },
  { id: 'lock', header: 'Encrypted', width: '112px', cell: ({ encryption }) => lockWords[encryption] },
  {
    id: 'place',
    header: 'Where',
    cell: ({ location, server, error }) => error ?? (location === 's3' ? 'In the bucket' : `On ${server}`),
  },
]

type Asking = { for: 'create' } | { for: 'restore' | 'delete'; backup: Backup }

/** Copies of the whole database, each proven by restoring it. */
export default function BackupsPage() {
  const queries = useQueryClient()
  const [asking, setAsking] = useState<Asking | null>(null)
  const [following, setFollowing] = useState<string | null>(null)
  const close = () => setAsking(null)
  const backups = useQuery({
    queryKey: ['backups'],
    queryFn: ({ signal }) => client.call(listBackups, {}, { signal }),
    refetchInterval: refreshEveryMs,
  })
  const follow = (operationId: string) => {
    setFollowing(operationId)
    close()
    void queries.invalidateQueries({ queryKey: ['backups'] })
  }
  const add = (
    <Button kind="primary" icon={DatabaseBackup} onClick={() => setAsking({ for: 'create' })}>
      Back up now
    </Button>
  )
  const columns = useMemo(() => [...facts, actionsColumn(setAsking)], [])
  return (
    <Page
      title="Backups"
      description="Copies of the whole database. Each is restored into an empty database and compared before it counts. The master key is not in them: keep it elsewhere."
      request={{ method: 'GET', path: '/api/config/backups' }}
      action={add}
    >
      <div className="mb-4 flex flex-col gap-3">
        {backups.data && <ScheduleNotice nextRunAt={backups.data.meta.next_run_at} />}
        {following !== null && (
          <BackupProgress
            key={following}
            operationId={following}
            onFinished={() => void queries.invalidateQueries({ queryKey: ['backups'] })}
          />
        )}
      </div>
      {backups.error ? (
        <ProblemNotice problem={backups.error} onRetry={() => void backups.refetch()} />
      ) : (
        <DataTable
          name="backups"
          label="Backups"
          columns={columns}
          rows={backups.data?.data ?? []}
          rowId={(backup) => backup.backup_id}
          loading={backups.isPending}
          total={backups.data?.data.length}
          empty={
            <EmptyState icon={DatabaseBackup} title="There is no backup yet" action={add}>
              Make one now, or let the schedule in the settings make them.
            </EmptyState>
          }
        />
      )}
      {asking?.for === 'create' && <NewBackupDialog onClose={close} onStarted={follow} />}
      {asking?.for === 'restore' && (
        <RestoreDialog backup={asking.backup} onClose={close} onStarted={follow} />
      )}
      {asking?.for === 'delete' && (
        <ConfirmDanger
          open
          onClose={close}
          title={`Delete the backup of ${formatExactTime(new Date(asking.backup.created_at))}?`}
          consequences={['Its file is removed and cannot be brought back.']}
          action="Delete backup"
          onConfirm={async () => {
            await client.call(deleteBackup, { params: { backupId: asking.backup.backup_id } })
            await queries.invalidateQueries({ queryKey: ['backups'] })
          }}
        />
      )}
    </Page>
  )
}

function ScheduleNotice({ nextRunAt }: { nextRunAt: string | null }) {
  const settings = (
    <Link to="/admin/settings" className="shrink-0 font-medium underline">
      Change the schedule
    </Link>
  )
  return nextRunAt === null ? (
    <Notice tone="warn" action={settings}>
      No backup is made by itself.
    </Notice>
  ) : (
    <Notice action={settings}>
      The next one is made <RelativeTime at={nextRunAt} />.
    </Notice>
  )
}

function actionsColumn(ask: (asking: Asking) => void): Column<Backup> {
  return {
    id: 'actions',
    header: 'Actions',
    width: '128px',
    align: 'end',
    cell: (backup) => (
      <span className="flex justify-end gap-1">
        {backup.state === 'ready' && (
          <>
            <IconButton
              icon={Download}
              label="Download"
              size="small"
              onClick={() =>
                globalThis.location.assign(apiUrl(`/api/config/backups/${backup.backup_id}/download`))
              }
            />
            <IconButton
              icon={RotateCcw}
              label="Restore"
              size="small"
              onClick={() => ask({ for: 'restore', backup })}
            />
          </>
        )}
        {backup.state !== 'running' && (
          <IconButton
            icon={Trash2}
            label="Delete"
            size="small"
            onClick={() => ask({ for: 'delete', backup })}
          />
        )}
      </span>
    ),
  }
}

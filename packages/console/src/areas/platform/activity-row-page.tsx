import type { ActivityRow } from '@holdfast/contracts/platform/activity'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { Filter } from 'lucide-react'
import type { ReactNode } from 'react'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { CodeBlock } from '../../ui/code-block.tsx'
import { Drawer } from '../../ui/drawer.tsx'
import { ProblemNotice } from '../../ui/problem-notice.tsx'
import { Duration, ExactTime, Nothing } from '../../ui/values.tsx'
import { activityRowQuery } from './activity-queries.ts'
import { actionWords, sourceWords, statusTone } from './strings.ts'

/** All that is known of one entry, beside the list; from here the list can be narrowed to its user or its endpoint. */
export default function ActivityRowPage() {
  const { activityId } = useParams({ from: '/shell/admin/activity/$activityId' })
  const navigate = useNavigate()
  const entry = useQuery(activityRowQuery(activityId))
  const close = () => void navigate({ to: '/admin/activity', search: (previous) => previous })
  return (
    <Drawer
      title={entry.data ? (actionWords[entry.data.action] ?? entry.data.action) : 'Entry'}
      badge={entry.data && <StatusBadge status={entry.data.statusCode} />}
      onClose={close}
    >
      {entry.error && <ProblemNotice problem={entry.error} onRetry={() => void entry.refetch()} />}
      {entry.isPending && <div aria-busy className="h-40 animate-pulse rounded-md bg-sunken" />}
      {entry.data && (
        <EntryFacts
          entry={entry.data}
          onNarrow={(filter) => void navigate({ to: '/admin/activity', search: filter })}
        />
      )}
    </Drawer>
  )
}

function StatusBadge({ status }: { status: number | null }) {
  return status === null ? null : <Badge tone={statusTone(status)}>{status}</Badge>
}

interface EntryFactsProps {
  entry: ActivityRow
  onNarrow: (filter: { userId: string } | { endpointId: string }) => void
}

function EntryFacts({ entry, onNarrow }: EntryFactsProps) {
  const { userId, endpointId, login, details } = entry
  return (
    <>
      <p className="mb-4 break-words">{entry.message}</p>
      <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-2 text-sm">
        <Fact name="When">
          <ExactTime at={entry.createdAt} />
        </Fact>
        <Fact name="Who">
          {userId === null ? (
            <Nothing text="Nobody" />
          ) : (
            <Narrowing text={login ?? userId} label="Only this user" onClick={() => onNarrow({ userId })} />
          )}
        </Fact>
        <Fact name="Through">{sourceWords[entry.source]}</Fact>
        <Fact name="Endpoint">
          {endpointId === null ? (
            <Nothing />
          ) : (
            <Narrowing
              text={endpointId}
              label="Only this endpoint"
              onClick={() => onNarrow({ endpointId })}
            />
          )}
        </Fact>
        <Fact name="Took">
          {entry.responseTime === null ? <Nothing /> : <Duration milliseconds={entry.responseTime} />}
        </Fact>
        <Fact name="Address">
          <Exact text={entry.ip} />
        </Fact>
        <Fact name="Client">
          <Exact text={entry.userAgent} />
        </Fact>
        <Fact name="Request">
          <Exact text={entry.requestId} />
        </Fact>
        <Fact name="Entry">
          <Exact text={entry.id} />
        </Fact>
      </dl>
      {details && (
        <div className="mt-4">
          <CodeBlock title="Details" code={JSON.stringify(details, null, 2)} />
        </div>
      )}
    </>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-subtle">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  )
}

function Exact({ text }: { text: string | null }) {
  return text === null || text === '' ? (
    <Nothing />
  ) : (
    <span className="font-mono text-xs break-all">{text}</span>
  )
}

function Narrowing({ text, label, onClick }: { text: string; label: string; onClick: () => void }) {
  return (
    <span className="flex flex-wrap items-center gap-2">
      <span className="break-all">{text}</span>
      <Button size="small" kind="quiet" icon={Filter} onClick={onClick}>
        {label}
      </Button>
    </span>
  )
}

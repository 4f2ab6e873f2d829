import {
  type Endpoint,
  type EndpointVersion,
  restoreEndpointVersion,
} from '@holdfast/contracts/builder/endpoints'
import { useQuery } from '@tanstack/react-query'
import { History } from 'lucide-react'
import { useState } from 'react'
import { client } from '../../../lib/client.ts'
import { plural } from '../../../lib/format.ts'
import { Badge } from '../../../ui/badge.tsx'
import { Button } from '../../../ui/button.tsx'
import { ConfirmDanger } from '../../../ui/confirm-danger.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { notify } from '../../../ui/toast.ts'
import { RelativeTime } from '../../../ui/values.tsx'
import { forgetEndpoints, versionsQuery } from '../queries.ts'
import { texts } from '../strings.ts'
import { affectedFields } from './save-schema.ts'
import { describeChange } from './version-change.ts'

export interface SchemaVersionsProps {
  endpoint: Endpoint
  readOnly: boolean
  onOperations: (ids: string[]) => void
}

/** Every schema this endpoint has had, newest first; any of them can become the current one again. */
export function SchemaVersions({ endpoint, readOnly, onOperations }: SchemaVersionsProps) {
  const versions = useQuery(versionsQuery(endpoint.id))
  const [restoring, setRestoring] = useState<EndpointVersion | null>(null)
  const [losing, setLosing] = useState<ReadonlyArray<{ field: string; records: number }>>([])
  const list = versions.data ?? []

  const restore = async (version: EndpointVersion, confirm: boolean) => {
    const answer = await client.call(restoreEndpointVersion, {
      params: { id: endpoint.id, version: version.version },
      body: { confirm },
    })
    onOperations(answer.operationIds)
    await forgetEndpoints()
    notify(`Version ${version.version} is back`)
  }

  /** Asks the server what restoring would take away; asks the person only when it would. */
  const begin = async (version: EndpointVersion) => {
    try {
      await restore(version, false)
    } catch (thrown) {
      setLosing(affectedFields(thrown) ?? [])
      if (affectedFields(thrown) === null) throw thrown
      setRestoring(version)
    }
  }

  return (
    <section aria-label="Versions" className="rounded-md border border-line bg-surface">
      <h2 className="flex items-center gap-2 border-b border-line px-3 py-2 text-sm font-medium">
        <History aria-hidden className="size-4 text-ink-subtle" />
        Versions
      </h2>
      {versions.error && <ProblemNotice problem={versions.error} />}
      <ol className="max-h-72 overflow-y-auto">
        {list.map((version, index) => (
          <VersionLine
            key={version.version}
            version={version}
            change={describeChange(version.schema, list[index + 1]?.schema)}
            onRestore={readOnly || version.isCurrent ? undefined : () => begin(version)}
          />
        ))}
      </ol>
      <ConfirmDanger
        open={restoring !== null}
        onClose={() => setRestoring(null)}
        title={`Go back to version ${restoring?.version ?? ''}?`}
        consequences={[
          ...losing.map(
            ({ field, records }) => `${field} is taken away; ${plural(records, 'record')} hold a value.`,
          ),
          texts.keptValues,
        ]}
        action="Restore"
        onConfirm={async () => restoring && (await restore(restoring, true))}
      />
    </section>
  )
}

function VersionLine(props: {
  version: EndpointVersion
  change: string
  onRestore: (() => Promise<void>) | undefined
}) {
  const { version, change, onRestore } = props
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>()
  const restore = async () => {
    setBusy(true)
    setProblem(undefined)
    try {
      await onRestore?.()
    } catch (thrown) {
      setProblem(thrown)
    } finally {
      setBusy(false)
    }
  }
  return (
    <li className="border-b border-line px-3 py-2 last:border-b-0">
      <div className="flex min-h-7 items-center gap-2">
        <span className="font-mono text-xs">{version.version}</span>
        {version.isCurrent && <Badge tone="accent">Current</Badge>}
        <span className="min-w-0 truncate text-xs text-ink-subtle">
          <RelativeTime at={version.createdAt} /> by {version.createdByName}
        </span>
        {onRestore && (
          <Button size="small" className="ml-auto" busy={busy} onClick={() => void restore()}>
            Restore
          </Button>
        )}
      </div>
      <p className="text-xs text-ink-muted">{change}</p>
      {problem !== undefined && <ProblemNotice problem={problem} />}
    </li>
  )
}

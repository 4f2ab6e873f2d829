import type { AuditCheckpoint } from '@holdfast/contracts/platform/audit'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { CodeBlock } from '../../../ui/code-block.tsx'
import { Drawer } from '../../../ui/drawer.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import type { Column } from '../../../ui/table/columns.ts'
import { DataTable } from '../../../ui/table/data-table.tsx'
import { RelativeTime } from '../../../ui/values.tsx'
import { chainName, checkpointsQuery } from './queries.ts'

const columns: ReadonlyArray<Column<AuditCheckpoint>> = [
  { id: 'at', header: 'When', width: '128px', cell: ({ at }) => <RelativeTime at={at} /> },
  { id: 'chain', header: 'Chain', isTitle: true, cell: ({ organizationId }) => chainName(organizationId) },
  { id: 'sequence', header: 'Up to', width: '88px', align: 'end', cell: ({ sequence }) => sequence },
  {
    id: 'hash',
    header: 'Hash',
    cell: ({ hash }) => <span className="font-mono text-xs">{hash.slice(0, 16)}…</span>,
  },
]

/** The signed heads of the chains, and the key to check them with, beside the trail. */
export default function AuditCheckpointsPage() {
  const navigate = useNavigate()
  const found = useQuery(checkpointsQuery)
  const close = () => void navigate({ to: '/admin/audit', search: (previous) => previous })
  return (
    <Drawer title="Checkpoints" size="large" onClose={close}>
      <p className="mb-3 text-sm text-ink-muted">
        Every five minutes the server signs how far each chain reaches, with a key that is not in the
        database. Whoever rewrites the trail cannot rewrite these.
      </p>
      {found.error && <ProblemNotice problem={found.error} onRetry={() => void found.refetch()} />}
      {found.data && (
        <div className="mb-3">
          {found.data.shippedTo.length === 0 ? (
            <Notice tone="warn" title="They are kept on this server alone">
              Name another place in HOLDFAST_AUDIT_SHIP, where the owner of the database cannot write.
            </Notice>
          ) : (
            <Notice tone="ok">They are copied to {found.data.shippedTo.join(', ')}.</Notice>
          )}
        </div>
      )}
      {!found.error && (
        <DataTable
          name="audit-checkpoints"
          label="Checkpoints"
          columns={columns}
          rows={found.data?.checkpoints ?? []}
          rowId={({ organizationId, sequence, at }) => `${organizationId} ${sequence} ${at}`}
          loading={found.isPending}
          total={found.data?.checkpoints.length}
          empty={<p className="p-4 text-sm text-ink-muted">The first one is signed within five minutes.</p>}
        />
      )}
      {found.data && (
        <div className="mt-4 flex flex-col gap-3">
          <CodeBlock
            title={found.data.keys.length === 1 ? 'Public key' : 'Public keys, one for each server'}
            code={found.data.keys.map(({ publicKey }) => publicKey).join('')}
          />
          <CodeBlock
            title="Verify an export anywhere"
            code="holdfast audit verify audit.ndjson --checkpoints checkpoints.ndjson --public-key key.pem"
          />
        </div>
      )}
    </Drawer>
  )
}

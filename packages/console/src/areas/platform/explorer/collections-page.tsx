import type { CollectionSummary } from '@holdfast/contracts/platform/explorer'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Database, FileTerminal } from 'lucide-react'
import { buttonClass } from '../../../ui/button.tsx'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { Page } from '../../../ui/page.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import type { Column } from '../../../ui/table/columns.ts'
import { DataTable } from '../../../ui/table/data-table.tsx'
import { Count } from '../../../ui/values.tsx'
import { collectionsQuery } from './queries.ts'

const columns: ReadonlyArray<Column<CollectionSummary>> = [
  { id: 'label', header: 'Collection', isTitle: true, width: '180px', cell: ({ label }) => label },
  {
    id: 'name',
    header: 'Name',
    width: '160px',
    cell: ({ name }) => <span className="font-mono text-xs">{name}</span>,
  },
  { id: 'description', header: 'What is in it', cell: ({ description }) => description },
  {
    id: 'count',
    header: 'Documents',
    width: '112px',
    align: 'end',
    cell: ({ count }) => <Count value={count} />,
    sortBy: ({ count }) => count,
  },
]

/** What the database explorer can open. */
export default function CollectionsPage() {
  const collections = useQuery(collectionsQuery)
  const navigate = useNavigate()
  return (
    <Page
      title="Database"
      description="What the installation keeps, as JSON documents. Changes here follow the same rules as elsewhere, and are audited."
      request={{ method: 'GET', path: '/api/database/collections' }}
      action={
        <Link to="/admin/database/sql-access" className={buttonClass()}>
          <FileTerminal aria-hidden className="size-4" />
          Read with SQL
        </Link>
      }
    >
      {collections.error ? (
        <ProblemNotice problem={collections.error} onRetry={() => void collections.refetch()} />
      ) : (
        <DataTable
          name="collections"
          label="Collections"
          columns={columns}
          rows={collections.data ?? []}
          rowId={({ name }) => name}
          loading={collections.isPending}
          onOpen={({ name }) =>
            void navigate({ to: '/admin/database/$collection', params: { collection: name } })
          }
          empty={
            <EmptyState icon={Database} title="There is nothing to explore">
              Collections appear here.
            </EmptyState>
          }
        />
      )}
    </Page>
  )
}

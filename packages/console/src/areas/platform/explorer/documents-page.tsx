import { clearCollection, type RawDocument } from '@holdfast/contracts/platform/explorer'
import { useQuery } from '@tanstack/react-query'
import { Link, Outlet, useNavigate, useParams } from '@tanstack/react-router'
import { Database, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { client } from '../../../lib/client.ts'
import { plural } from '../../../lib/format.ts'
import { useUrlFilters } from '../../../lib/url-filters.ts'
import { Button, buttonClass } from '../../../ui/button.tsx'
import { ConfirmDanger } from '../../../ui/confirm-danger.tsx'
import { EmptyState, NoMatches } from '../../../ui/empty-state.tsx'
import { FilterBar } from '../../../ui/filter-bar.tsx'
import { Page } from '../../../ui/page.tsx'
import { Pager } from '../../../ui/pager.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import type { Column } from '../../../ui/table/columns.ts'
import { DataTable } from '../../../ui/table/data-table.tsx'
import { notify } from '../../../ui/toast.ts'
import { RelativeTime } from '../../../ui/values.tsx'
import { previewOf, titleOf, touchedAt } from './document-words.ts'
import { documentsPerPage, documentsQuery, forgetDocuments, useCollection } from './queries.ts'

const columns: ReadonlyArray<Column<RawDocument>> = [
  { id: 'title', header: 'Document', isTitle: true, width: '240px', cell: titleOf },
  {
    id: 'values',
    header: 'Values',
    cell: (document) => <span className="font-mono text-xs">{previewOf(document)}</span>,
  },
  {
    id: 'id',
    header: 'Id',
    width: '300px',
    startsHidden: true,
    cell: ({ id }) => <span className="font-mono text-xs">{id}</span>,
  },
  {
    id: 'touched',
    header: 'Changed',
    width: '128px',
    cell: (document) => <RelativeTime at={touchedAt(document)} never="–" />,
  },
]

/** The documents of one collection. One opens beside the list. */
export default function DocumentsPage() {
  const { collection: name = '' } = useParams({ strict: false })
  const collection = useCollection(name)
  const filters = useUrlFilters(['search', 'page'])
  const page = Number(filters.values.page ?? 1)
  const documents = useQuery(documentsQuery(name, { page, search: filters.values.search }))
  const navigate = useNavigate()
  const [clearing, setClearing] = useState(false)
  const total = documents.data?.meta.total
  return (
    <Page
      title={collection?.label ?? name}
      description={
        <>
          <Link to="/admin/database" className="underline underline-offset-2">
            Database
          </Link>{' '}
          · {collection?.description}
        </>
      }
      request={{ method: 'GET', path: `/api/database/collections/${name}?limit=${documentsPerPage}` }}
      action={
        <div className="flex items-center gap-2">
          {collection?.clearable && (
            <Button icon={Trash2} disabled={collection.count === 0} onClick={() => setClearing(true)}>
              Clear
            </Button>
          )}
          {collection?.operations.includes('create') && (
            <Link
              to="/admin/database/$collection/new"
              params={{ collection: name }}
              className={buttonClass('primary')}
            >
              <Plus aria-hidden className="size-4" />
              New document
            </Link>
          )}
        </div>
      }
    >
      <FilterBar
        filters={{ ...filters, set: (changes) => filters.set({ page: undefined, ...changes }) }}
        search={{ name: 'search', placeholder: 'Search name, path, key or id' }}
      />
      {documents.error ? (
        <ProblemNotice problem={documents.error} onRetry={() => void documents.refetch()} />
      ) : (
        <DataTable
          name="documents"
          label="Documents"
          columns={columns}
          rows={documents.data?.data ?? []}
          rowId={({ id }) => id}
          loading={documents.isPending}
          total={total}
          onOpen={({ id }) =>
            void navigate({
              to: '/admin/database/$collection/$documentId',
              params: { collection: name, documentId: id },
              search: true,
            })
          }
          empty={
            filters.active ? (
              <NoMatches onClear={filters.clear} />
            ) : (
              <EmptyState icon={Database} title="This collection is empty">
                Its documents appear here.
              </EmptyState>
            )
          }
        />
      )}
      <Pager
        page={page}
        pageSize={documentsPerPage}
        total={total ?? 0}
        onChange={(next) => filters.set({ page: next === 1 ? undefined : String(next) })}
      />
      <ConfirmDanger
        open={clearing}
        onClose={() => setClearing(false)}
        title={`Clear ${collection?.label ?? name}?`}
        consequences={[
          `${plural(collection?.count ?? 0, 'document')} are deleted for good.`,
          'That it was done stays in the audit log.',
        ]}
        typeToConfirm={name}
        action="Clear collection"
        onConfirm={async () => {
          const { data } = await client.call(clearCollection, { params: { name } })
          await forgetDocuments()
          notify(`${plural(data.deleted, 'document')} deleted`)
        }}
      />
      <Outlet />
    </Page>
  )
}

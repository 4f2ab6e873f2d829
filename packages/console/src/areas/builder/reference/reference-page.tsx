import { useQuery } from '@tanstack/react-query'
import { BookOpen } from 'lucide-react'
import { useUrlFilters } from '../../../lib/url-filters.ts'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { FilterBar } from '../../../ui/filter-bar.tsx'
import { Page } from '../../../ui/page.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { OperationList } from './operation-list.tsx'
import { OperationView } from './operation-view.tsx'
import { descriptionQuery } from './query.ts'

/** Every route and every endpoint defined here, to read and to try. */
export default function ReferencePage() {
  const filters = useUrlFilters(['search', 'operation'])
  const description = useQuery(descriptionQuery)
  const { search = '', operation: selectedId } = filters.values
  const selected = description.data?.operations.find(({ operationId }) => operationId === selectedId)
  return (
    <Page
      title="API reference"
      description="What this installation answers, the endpoints defined here included. It changes when they do."
      request={{ method: 'GET', path: '/api/openapi.json', isPublic: true }}
    >
      <FilterBar filters={filters} search={{ name: 'search', placeholder: 'Search operations' }} />
      {description.error && (
        <ProblemNotice problem={description.error} onRetry={() => void description.refetch()} />
      )}
      {description.isPending && <div aria-busy className="mt-3 h-64 animate-pulse rounded-md bg-sunken" />}
      {description.data && (
        <div className="mt-3 grid items-start gap-6 lg:grid-cols-[minmax(260px,340px)_minmax(0,1fr)]">
          <div className="rounded-md border border-line bg-surface p-2 max-lg:max-h-80 max-lg:overflow-auto">
            <OperationList
              operations={description.data.operations}
              search={search}
              selectedId={selected?.operationId}
            />
          </div>
          {selected ? (
            <OperationView
              key={selected.operationId}
              operation={selected}
              schemas={description.data.schemas}
            />
          ) : (
            <EmptyState icon={BookOpen} title="Choose an operation">
              Each shows what it takes and answers, the request in three languages, and a form that sends it.
            </EmptyState>
          )}
        </div>
      )}
    </Page>
  )
}

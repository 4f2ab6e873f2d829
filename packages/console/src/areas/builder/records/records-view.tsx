import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { Link, Outlet, useNavigate, useSearch } from '@tanstack/react-router'
import { Plus, Rows3, Upload } from 'lucide-react'
import { useMemo, useState } from 'react'
import { usePhone } from '../../../lib/media.ts'
import { useMay } from '../../../lib/session.ts'
import { buttonClass } from '../../../ui/button.tsx'
import { EmptyState, NoMatches } from '../../../ui/empty-state.tsx'
import { Page } from '../../../ui/page.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { notify, notifyProblem } from '../../../ui/toast.ts'
import { draftOf } from '../schema/draft.ts'
import { exampleOf } from '../schema/example.ts'
import { patchAsSeen, type StoredRecord } from './api.ts'
import { useOpenCollection } from './collection-context.ts'
import { DeleteRecords } from './delete-records.tsx'
import { EditConflict } from './edit-conflict.tsx'
import { ExportMenu } from './export-menu.tsx'
import { gridColumns, guessedColumns } from './grid-columns.ts'
import { LiveState } from '../../../ui/live-state.tsx'
import { RecordCards } from './record-cards.tsx'
import { RecordFilters } from './record-filters.tsx'
import { RecordGrid } from './record-grid.tsx'
import { RecordsBar } from './records-bar.tsx'
import { useColumnChoice } from './use-column-choice.ts'
import { useLiveRecords } from './use-live-records.ts'
import { recordsKey, recordsQuery } from './use-records.ts'
import { isPlainView, queryOf, readRecordsView, type RecordsView as View } from './view.ts'

/** The sheet with its filters and actions, following the address. */
export function RecordsView() {
  const { collection, endpointId } = useOpenCollection()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const phone = usePhone()
  const search: Record<string, unknown> = useSearch({ strict: false })
  const view = useMemo(() => readRecordsView(search), [search])
  const records = useInfiniteQuery(recordsQuery(collection, view))
  const live = useLiveRecords(collection, view)
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const [deleting, setDeleting] = useState(false)
  const [hasConflict, setHasConflict] = useState(false)
  const mayTransfer = useMay('manage_api')
  const rows = useMemo(() => records.data?.pages.flatMap((page) => page.data) ?? [], [records.data])
  const allColumns = useMemo(
    () =>
      collection.fields.length > 0
        ? gridColumns(collection.fields, collection.by.PATCH !== undefined)
        : guessedColumns(rows),
    [collection, rows],
  )
  const choice = useColumnChoice(collection.path, allColumns)
  const meta = records.data?.pages[0]?.meta
  const chosen = rows.filter((record) => selected.has(record.id)).map((record) => record.id)

  const setView = (next: View) =>
    void navigate({ to: '/build/records/$endpointId', params: { endpointId }, search: next, replace: true })
  const open = (record: StoredRecord) =>
    void navigate({
      to: '/build/records/$endpointId/$recordId',
      params: { endpointId, recordId: record.id },
      search: (previous) => previous,
    })
  const edit = async (record: StoredRecord, name: string, value: unknown) => {
    try {
      const outcome = await patchAsSeen(collection.path, record, { [name]: value })
      setHasConflict(outcome === 'changed meanwhile')
      if (outcome === 'stored') await queries.invalidateQueries({ queryKey: recordsKey(collection.path) })
    } catch (thrown) {
      notifyProblem(thrown)
    }
  }
  const add = collection.by.POST && (
    <Link
      to="/build/records/$endpointId/new"
      params={{ endpointId }}
      search={(previous) => previous}
      className={buttonClass('primary')}
    >
      <Plus aria-hidden className="size-4" />
      Add<span className="max-sm:sr-only">record</span>
    </Link>
  )
  const bring = collection.by.POST && mayTransfer && (
    <Link
      to="/build/records/$endpointId/import"
      params={{ endpointId }}
      search={(previous) => previous}
      className={buttonClass('secondary')}
    >
      <Upload aria-hidden className="size-4" />
      <span className="max-sm:sr-only">Import</span>
    </Link>
  )
  const query = queryOf(view)
  const isEmpty = records.data !== undefined && rows.length === 0

  return (
    <Page
      title={collection.path}
      badge={<LiveState state={live.state} />}
      request={{
        method: 'GET',
        path: `${collection.path}${query.size > 0 ? `?${decodeURIComponent(query.toString())}` : ''}`,
        isPublic: collection.by.GET?.accessType === 'public',
      }}
      action={
        <>
          {mayTransfer && <ExportMenu view={view} />}
          {bring}
          {add}
        </>
      }
    >
      <RecordFilters fields={collection.fields} view={view} onChange={setView} />
      {hasConflict && (
        <EditConflict
          onReload={() => {
            setHasConflict(false)
            void queries.invalidateQueries({ queryKey: recordsKey(collection.path) })
          }}
        />
      )}
      {records.error && <ProblemNotice problem={records.error} onRetry={() => void records.refetch()} />}
      {!records.error && records.isPending && (
        <div aria-busy className="mt-3 h-96 animate-pulse rounded-md bg-sunken" />
      )}
      {!records.error && rows.length > 0 && (
        <>
          <RecordsBar
            shown={rows.length}
            total={meta?.total ?? rows.length}
            isLowerBound={meta?.totalIsLowerBound ?? false}
            selectedCount={chosen.length}
            mayDelete={collection.by.DELETE !== undefined}
            onDelete={() => setDeleting(true)}
            onClear={() => setSelected(new Set())}
            columns={choice}
          />
          {phone ? (
            <RecordCards columns={choice.shown} records={rows} onOpen={open} />
          ) : (
            <RecordGrid
              label={`Records of ${collection.path}`}
              columns={choice.shown}
              records={rows}
              total={meta?.total ?? rows.length}
              sort={view.sort}
              onSortChange={(sort) => setView({ ...withoutSort(view), ...(sort ? { sort } : {}) })}
              selected={selected}
              onSelectedChange={setSelected}
              changed={live.changed}
              onOpen={open}
              onEdit={(record, column, value) => void edit(record, column.id, value)}
              onMore={records.hasNextPage ? () => void records.fetchNextPage() : undefined}
              loadingMore={records.isFetchingNextPage}
            />
          )}
        </>
      )}
      {isEmpty && !isPlainView(view) && <NoMatches onClear={() => setView({})} />}
      {isEmpty && isPlainView(view) && (
        <EmptyState
          icon={Rows3}
          title="No records yet"
          action={
            <div className="flex flex-wrap justify-center gap-2">
              {bring}
              {add}
            </div>
          }
          {...(collection.by.POST
            ? {
                request: {
                  method: 'POST' as const,
                  path: collection.path,
                  body: exampleOf(draftOf(collection.by.POST.schema), true),
                  isPublic: collection.by.POST.accessType === 'public',
                },
              }
            : {})}
        >
          A record is one thing of this kind, stored as JSON. Add the first by hand, import a file, or let an
          application create it.
        </EmptyState>
      )}
      <Outlet />
      <DeleteRecords
        ids={chosen}
        open={deleting}
        onClose={() => setDeleting(false)}
        onDeleted={(count) => {
          setSelected(new Set())
          notify(`${count} deleted`)
        }}
      />
    </Page>
  )
}

function withoutSort({ where, search }: View): View {
  return { ...(where ? { where } : {}), ...(search ? { search } : {}) }
}

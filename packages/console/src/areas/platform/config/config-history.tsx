import { type ConfigHistoryEntry, rollbackConfig } from '@holdfast/contracts/platform/config'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { History } from 'lucide-react'
import { useState } from 'react'
import { client } from '../../../lib/client.ts'
import { Button } from '../../../ui/button.tsx'
import { ConfirmDanger } from '../../../ui/confirm-danger.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { notify } from '../../../ui/toast.ts'
import { RelativeTime } from '../../../ui/values.tsx'
import { historyQuery, textOf } from './queries.ts'

/** What a key was before, who changed it and why, and the way back. */
export function ConfigHistory({ configKey, canGoBack }: { configKey: string; canGoBack: boolean }) {
  const queries = useQueryClient()
  const history = useInfiniteQuery(historyQuery(configKey))
  const [wanted, setWanted] = useState<ConfigHistoryEntry>()
  const rows = history.data?.pages.flatMap((page) => page.data) ?? []
  const rollback = async () => {
    if (wanted === undefined) return
    await client.call(rollbackConfig, { params: { key: configKey }, body: { version: wanted.version } })
    notify(`${configKey} is as it was in version ${wanted.version}`)
    await queries.invalidateQueries()
  }
  return (
    <section aria-label="History" className="mt-6 border-t border-line pt-4">
      <h3 className="mb-2 text-sm font-semibold">History</h3>
      {history.error && <ProblemNotice problem={history.error} onRetry={() => void history.refetch()} />}
      {history.data && rows.length === 0 && (
        <p className="text-sm text-ink-muted">Nobody has changed it yet.</p>
      )}
      <ol className="flex flex-col gap-3">
        {rows.map((row, index) => (
          <li key={row.version} className="text-sm">
            <div className="flex items-center gap-2">
              <span className="min-w-0 flex-1">
                <strong className="font-medium">{row.changed_by}</strong>{' '}
                <span className="text-ink-subtle">
                  <RelativeTime at={row.at} />, version {row.version}
                </span>
              </span>
              {canGoBack && index > 0 && (
                <Button size="small" icon={History} onClick={() => setWanted(row)}>
                  Go back to this
                </Button>
              )}
            </div>
            <p className="font-mono text-xs break-all text-ink-muted">
              {textOf(row.old, row.is_sensitive, row.old !== null)} → {textOf(row.new, row.is_sensitive)}
            </p>
            {row.reason !== null && <p className="text-ink-muted">{row.reason}</p>}
          </li>
        ))}
      </ol>
      {history.hasNextPage && (
        <Button
          className="mt-3"
          busy={history.isFetchingNextPage}
          onClick={() => void history.fetchNextPage()}
        >
          Older changes
        </Button>
      )}
      <ConfirmDanger
        open={wanted !== undefined}
        onClose={() => setWanted(undefined)}
        title={`Go back to version ${wanted?.version ?? ''}?`}
        consequences={[
          wanted === undefined
            ? ''
            : `${configKey} becomes ${textOf(wanted.new, wanted.is_sensitive)}, on every server at once.`,
          'That is a new version: nothing of the history is lost.',
        ]}
        action="Go back"
        onConfirm={rollback}
      />
    </section>
  )
}

import type { ProjectDifference, ProjectImported } from '@holdfast/contracts/builder/project'
import { formatNumber } from '../../../lib/format.ts'
import { Badge } from '../../../ui/badge.tsx'
import { Notice } from '../../../ui/notice.tsx'

const actions = {
  create: { label: 'New', tone: 'ok' },
  update: { label: 'Changed', tone: 'info' },
  delete: { label: 'Deleted', tone: 'bad' },
} as const

/** What an import does to the records of a collection, without those that stay as they are. */
export function changesOf({ added, updated, deleted }: ProjectImported['records'][number]) {
  return [
    { action: 'create' as const, count: added },
    { action: 'update' as const, count: updated },
    { action: 'delete' as const, count: deleted },
  ].filter(({ count }) => count > 0)
}

/** What an import does, one line for each thing; a changed one opens to show what is altered. */
export function DifferenceList({ found }: { found: ProjectImported }) {
  return (
    <div className="flex flex-col gap-3">
      {found.losses.length > 0 && (
        <Notice tone="warn" title="Records lose values or are deleted">
          <ul className="list-disc pl-4">
            {found.losses.map(({ endpoint, message }) => (
              <li key={`${endpoint} ${message}`}>
                <span className="font-mono text-xs">{endpoint}</span>: {message}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      <ul aria-label="Differences" className="divide-y divide-line rounded-md border border-line">
        {found.differences.map((difference) => (
          <li
            key={`${difference.kind} ${difference.name} ${difference.action}`}
            className="px-3 py-2 text-sm"
          >
            <Line difference={difference} />
          </li>
        ))}
        {found.records.flatMap((counts) =>
          changesOf(counts).map(({ action, count }) => (
            <li key={`${counts.path} ${action}`} className="flex items-center gap-2 px-3 py-2 text-sm">
              <Badge tone={actions[action].tone}>{actions[action].label}</Badge>
              <span>
                {formatNumber(count)} records of <span className="font-mono text-xs">{counts.path}</span>
              </span>
            </li>
          )),
        )}
      </ul>
    </div>
  )
}

function Line({ difference: { action, kind, name, changes } }: { difference: ProjectDifference }) {
  const { label, tone } = actions[action]
  const head = (
    <span className="inline-flex items-center gap-2 align-middle">
      <Badge tone={tone}>{label}</Badge>
      <span>
        {kind === name ? 'Settings' : `${kind} `}
        {kind !== name && <span className="font-mono text-xs">{name}</span>}
      </span>
    </span>
  )
  if (changes.length === 0) return head
  return (
    <details>
      <summary>
        {head} <span className="text-ink-subtle">{changes.map(({ property }) => property).join(', ')}</span>
      </summary>
      <dl className="mt-2 flex flex-col gap-2">
        {changes.map(({ property, before, after }) => (
          <div key={property}>
            <dt className="text-xs font-medium text-ink-muted">{property}</dt>
            <dd className="grid gap-2 sm:grid-cols-2">
              <Value label="Now" value={before} />
              <Value label="After" value={after} />
            </dd>
          </div>
        ))}
      </dl>
    </details>
  )
}

function Value({ label, value }: { label: string; value: unknown }) {
  return (
    <div className="min-w-0">
      <div className="text-xs text-ink-subtle">{label}</div>
      <pre tabIndex={0} className="max-h-48 overflow-auto rounded-sm bg-sunken p-2 font-mono text-xs">
        {JSON.stringify(value, null, 2)}
      </pre>
    </div>
  )
}

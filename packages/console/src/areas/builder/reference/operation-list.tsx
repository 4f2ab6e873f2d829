import { Link } from '@tanstack/react-router'
import { classNames } from '../../../lib/class-names.ts'
import { MethodBadge } from '../method-badge.tsx'
import { type ApiOperation, groupOperations, tagWords } from './document.ts'

export interface OperationListProps {
  operations: readonly ApiOperation[]
  search: string
  selectedId: string | undefined
}

/** Every operation, by what it is about. While nothing is searched, only the open one's part is unfolded. */
export function OperationList({ operations, search, selectedId }: OperationListProps) {
  const groups = groupOperations(operations, search)
  if (groups.length === 0)
    return <p className="px-2 py-4 text-sm text-ink-muted">No operation has all of these words.</p>
  return (
    <nav aria-label="Operations" className="flex flex-col gap-1">
      {groups.map(([tag, listed], index) => {
        const isOpen =
          search !== '' ||
          listed.some(({ operationId }) => operationId === selectedId) ||
          (selectedId === undefined && index === 0)
        return (
          // A new key when it should open or close by itself; in between it is the reader's.
          <details key={`${tag} ${isOpen}`} open={isOpen}>
            <summary className="rounded-sm px-2 py-1 text-sm font-medium hover:bg-hover">
              {tagWords(tag)} <span className="text-xs font-normal text-ink-subtle">{listed.length}</span>
            </summary>
            <ul>
              {listed.map((operation) => (
                <li key={operation.operationId}>
                  <Link
                    to="/build/reference"
                    search={(previous) => ({ ...previous, operation: operation.operationId })}
                    aria-current={operation.operationId === selectedId ? 'page' : undefined}
                    className={classNames(
                      'flex items-center gap-2 rounded-sm px-2 py-1 text-sm hover:bg-hover',
                      operation.operationId === selectedId && 'bg-accent-soft text-accent-ink',
                    )}
                  >
                    <MethodBadge method={operation.method} />
                    <span className="min-w-0 truncate" title={operation.path}>
                      {operation.summary || operation.path}
                    </span>
                  </Link>
                </li>
              ))}
            </ul>
          </details>
        )
      })}
    </nav>
  )
}

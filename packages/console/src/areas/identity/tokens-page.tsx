import type { ServiceToken } from '@holdfast/contracts/identity/tokens'
import { useQuery } from '@tanstack/react-query'
import { Link, Outlet, useNavigate } from '@tanstack/react-router'
import { KeyRound, Plus } from 'lucide-react'
import { usePageSettings } from '../../lib/page-settings.ts'
import { useMe } from '../../lib/session.ts'
import { useUrlFilters } from '../../lib/url-filters.ts'
import { Badge } from '../../ui/badge.tsx'
import { buttonClass } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Page } from '../../ui/page.tsx'
import { Pager } from '../../ui/pager.tsx'
import { ProblemNotice } from '../../ui/problem-notice.tsx'
import type { Column } from '../../ui/table/columns.ts'
import { DataTable } from '../../ui/table/data-table.tsx'
import { RelativeTime } from '../../ui/values.tsx'
import { tokensQuery } from './queries.ts'
import { texts } from './strings.ts'

const columns: ReadonlyArray<Column<ServiceToken>> = [
  { id: 'name', header: 'Name', isTitle: true, cell: (token) => token.name },
  {
    id: 'prefix',
    header: 'Begins with',
    cell: (token) => <span className="font-mono text-xs">{token.prefix}</span>,
  },
  {
    id: 'scopes',
    header: 'Scopes',
    cell: (token) => (token.scopes.includes('*') ? 'Everything its owner may' : token.scopes.join(', ')),
  },
  { id: 'owner', header: 'Owner', cell: (token) => token.owner.username },
  {
    id: 'used',
    header: 'Last used',
    width: '136px',
    cell: (token) =>
      token.unused ? <Badge tone="warn">Unused</Badge> : <RelativeTime at={token.last_used_at} />,
  },
  {
    id: 'expires',
    header: 'Expires',
    width: '136px',
    cell: (token) => <RelativeTime at={token.expires_at} />,
  },
]

/** Your API tokens, and as an administrator those of everybody. A token opens beside the list. */
export default function TokensPage() {
  const navigate = useNavigate()
  const me = useMe()
  const { usersPerPage: limit } = usePageSettings()
  const filters = useUrlFilters(['page', 'unused'])
  const page = Number(filters.values.page ?? 1)
  const unused = filters.values.unused === 'true'
  const everybody = me?.isAdmin === true
  const tokens = useQuery(tokensQuery({ everybody, page, limit, unused }))
  const add = (
    <Link to="/tokens/new" className={buttonClass('primary')}>
      <Plus aria-hidden className="size-4" />
      Create token
    </Link>
  )
  return (
    <Page
      title={texts.tokens.title}
      description={texts.tokens.description}
      action={add}
      request={{ method: 'GET', path: everybody ? '/api/tokens' : '/v1/api-tokens' }}
    >
      {everybody && (
        <label className="flex items-center gap-2 self-start text-sm">
          <input
            type="checkbox"
            checked={unused}
            onChange={() => filters.set({ page: undefined, unused: unused ? undefined : 'true' })}
          />
          Only those not used for 30 days
        </label>
      )}
      {tokens.error && <ProblemNotice problem={tokens.error} onRetry={() => void tokens.refetch()} />}
      {!tokens.error && (
        <DataTable
          name="tokens"
          label={texts.tokens.title}
          columns={columns}
          rows={tokens.data?.rows ?? []}
          rowId={(token) => token.id}
          loading={tokens.isPending}
          total={tokens.data?.total}
          onOpen={(token) =>
            void navigate({
              to: '/tokens/$tokenId',
              params: { tokenId: token.id },
              search: (previous) => previous,
            })
          }
          empty={
            <EmptyState
              icon={KeyRound}
              title={unused ? 'Every token is in use' : 'No tokens yet'}
              action={unused ? undefined : add}
              request={{
                method: 'POST',
                path: '/v1/api-tokens',
                body: { name: 'CI', scopes: ['records:read'], expires_in: 2_592_000 },
              }}
            >
              Give each program a token of its own, with as few scopes as it needs.
            </EmptyState>
          }
        />
      )}
      <Pager
        page={page}
        pageSize={limit}
        total={tokens.data?.total ?? 0}
        onChange={(next) => filters.set({ page: next === 1 ? undefined : String(next) })}
      />
      <Outlet />
    </Page>
  )
}

import {
  closeSqlAccess,
  openSqlAccess,
  type SqlAccess,
  type SqlView,
} from '@holdfast/contracts/builder/sql-access'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { FileTerminal, KeyRound, Unplug } from 'lucide-react'
import { useState } from 'react'
import { client } from '../../../lib/client.ts'
import { queryClient } from '../../../lib/query.ts'
import { Badge } from '../../../ui/badge.tsx'
import { Button } from '../../../ui/button.tsx'
import { CodeBlock } from '../../../ui/code-block.tsx'
import { ConfirmDanger } from '../../../ui/confirm-danger.tsx'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { Page, Section } from '../../../ui/page.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { SecretOnce } from '../../../ui/secret-once.tsx'
import type { Column } from '../../../ui/table/columns.ts'
import { DataTable } from '../../../ui/table/data-table.tsx'
import { notify } from '../../../ui/toast.ts'
import { connectionString } from './connection-string.ts'
import { sqlAccessQuery } from './queries.ts'

/** Reading records with SQL: a role that sees views of them and nothing else, opened and closed by an administrator. */
export default function SqlAccessPage() {
  const access = useQuery(sqlAccessQuery)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>()
  const [secret, setSecret] = useState<string>()
  const [closing, setClosing] = useState(false)

  /** Once more, it gives the role a new password. */
  const open = async () => {
    setBusy(true)
    setProblem(undefined)
    try {
      const { data } = await client.call(openSqlAccess, {})
      setSecret(data.password === null ? undefined : connectionString(data, data.password))
      queryClient.setQueryData(sqlAccessQuery.queryKey, data)
      notify(
        data.password === null ? 'The role keeps the password that it has' : 'Records can be read with SQL',
      )
    } catch (thrown) {
      setProblem(thrown)
    } finally {
      setBusy(false)
    }
  }
  const isOpen = access.data?.isOpen === true
  return (
    <Page
      title="Read with SQL"
      badge={access.data && <Badge tone={isOpen ? 'ok' : 'neutral'}>{isOpen ? 'Open' : 'Closed'}</Badge>}
      description={
        <>
          <Link to="/admin/database" className="underline underline-offset-2">
            Database
          </Link>{' '}
          · Records as views, for reports and analysis.
        </>
      }
      request={{ method: 'GET', path: '/api/database/sql-access' }}
      action={
        isOpen && (
          <div className="flex items-center gap-2">
            <Button icon={KeyRound} busy={busy} onClick={() => void open()}>
              New password
            </Button>
            <Button icon={Unplug} onClick={() => setClosing(true)}>
              Close access
            </Button>
          </div>
        )
      }
    >
      {access.error && <ProblemNotice problem={access.error} onRetry={() => void access.refetch()} />}
      {problem !== undefined && (
        <div className="mb-4">
          <ProblemNotice problem={problem} />
        </div>
      )}
      {access.isPending && <div aria-busy className="h-60 animate-pulse rounded-md bg-sunken" />}
      {access.data && !isOpen && <Closed busy={busy} onOpen={() => void open()} />}
      {access.data && isOpen && <Open access={access.data} secret={secret} />}
      <ConfirmDanger
        open={closing}
        onClose={() => setClosing(false)}
        title="Close SQL access?"
        consequences={[
          `${access.data?.role ?? 'The role'} has nothing to read any more, at once.`,
          'The role stays. Opening again makes the same views.',
        ]}
        action="Close access"
        onConfirm={async () => {
          await client.call(closeSqlAccess, {})
          setSecret(undefined)
          await queryClient.invalidateQueries({ queryKey: sqlAccessQuery.queryKey })
        }}
      />
    </Page>
  )
}

function Closed({ busy, onOpen }: { busy: boolean; onOpen: () => void }) {
  return (
    <EmptyState
      icon={FileTerminal}
      title="Nobody reads records with SQL"
      action={
        <Button kind="primary" icon={FileTerminal} busy={busy} onClick={onOpen}>
          Open read-only access
        </Button>
      }
      request={{ method: 'POST', path: '/api/database/sql-access' }}
    >
      Opening it makes a view of the records of each path, and lets one PostgreSQL role read these views and
      nothing else. What is hidden, or kept for some groups, is in no view.
    </EmptyState>
  )
}

function Open({ access, secret }: { access: SqlAccess; secret: string | undefined }) {
  const { role, schema, views } = access
  const [first] = views
  return (
    <>
      <Section
        title="Connect"
        description={`As ${role}, which may read the views in ${schema}: five connections, thirty seconds for a statement.`}
      >
        <div className="flex flex-col gap-4">
          {secret !== undefined && (
            <SecretOnce
              label="Connection string with the password"
              secret={secret}
              fileName={`${role}.txt`}
              hint="A new password ends this one."
            />
          )}
          <CodeBlock title="psql" wrap code={`psql '${connectionString(access, null)}'`} />
          {first !== undefined && (
            <CodeBlock
              title="SQL"
              code={`select * from ${schema}.${first.name} order by created_at desc limit 10;`}
            />
          )}
        </div>
      </Section>
      <DataTable
        name="sql-views"
        label="Views"
        columns={columns}
        rows={views}
        rowId={({ name }) => name}
        empty={
          <EmptyState icon={FileTerminal} title="There are no records to show">
            Each path of an endpoint gets a view. They follow the definitions by themselves.
          </EmptyState>
        }
      />
    </>
  )
}

const columns: ReadonlyArray<Column<SqlView>> = [
  {
    id: 'name',
    header: 'View',
    isTitle: true,
    width: '220px',
    cell: ({ name }) => <span className="font-mono text-xs">{name}</span>,
    sortBy: ({ name }) => name,
  },
  {
    id: 'path',
    header: 'Records of',
    width: '220px',
    cell: ({ path }) => <span className="font-mono text-xs">{path}</span>,
  },
  {
    id: 'columns',
    header: 'Columns',
    cell: ({ columns: own }) => (
      <span className="font-mono text-xs">{own.map(({ name, type }) => `${name} ${type}`).join(', ')}</span>
    ),
  },
]

import type { Webhook } from '@holdfast/contracts/platform/webhooks'
import { useQuery } from '@tanstack/react-query'
import { Link, Outlet, useNavigate } from '@tanstack/react-router'
import { Plus, Webhook as WebhookIcon } from 'lucide-react'
import { Badge } from '../../ui/badge.tsx'
import { buttonClass } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Page } from '../../ui/page.tsx'
import { ProblemNotice } from '../../ui/problem-notice.tsx'
import type { Column } from '../../ui/table/columns.ts'
import { DataTable } from '../../ui/table/data-table.tsx'
import { RelativeTime } from '../../ui/values.tsx'
import { healthWords, webhooksQuery } from './webhooks-queries.ts'

const columns: ReadonlyArray<Column<Webhook>> = [
  { id: 'name', header: 'Name', isTitle: true, cell: (webhook) => webhook.name },
  {
    id: 'health',
    header: 'Health',
    width: '128px',
    cell: ({ health }) => <Badge tone={healthWords[health].tone}>{healthWords[health].label}</Badge>,
  },
  {
    id: 'url',
    header: 'Address',
    cell: (webhook) => <span className="font-mono text-xs">{webhook.url}</span>,
  },
  { id: 'events', header: 'Events', cell: (webhook) => webhook.events.join(', ') },
  {
    id: 'last',
    header: 'Last sent',
    width: '136px',
    cell: (webhook) => <RelativeTime at={webhook.lastTriggeredAt} />,
  },
]

/** The addresses that are told what happens here, and how they answer. */
export default function WebhooksPage() {
  const navigate = useNavigate()
  const webhooks = useQuery(webhooksQuery)
  const add = (
    <Link to="/admin/webhooks/new" className={buttonClass('primary')}>
      <Plus aria-hidden className="size-4" />
      Add webhook
    </Link>
  )
  return (
    <Page
      title="Webhooks"
      description="Other systems are told what happens here: a signed request to an address of theirs, tried again for a day when it fails."
      request={{ method: 'GET', path: '/api/webhooks' }}
      action={add}
    >
      {webhooks.error ? (
        <ProblemNotice problem={webhooks.error} onRetry={() => void webhooks.refetch()} />
      ) : (
        <DataTable
          name="webhooks"
          label="Webhooks"
          columns={columns}
          rows={webhooks.data ?? []}
          rowId={(webhook) => webhook.id}
          loading={webhooks.isPending}
          total={webhooks.data?.length}
          onOpen={({ id }) => void navigate({ to: '/admin/webhooks/$webhookId', params: { webhookId: id } })}
          empty={
            <EmptyState
              icon={WebhookIcon}
              title="Nobody is told yet"
              action={add}
              request={{
                method: 'POST',
                path: '/api/webhooks',
                body: { name: 'Shop', url: 'https://shop.example.com/hook', events: ['user.created'] },
              }}
            >
              Add the address of a system that should know when something happens here.
            </EmptyState>
          }
        />
      )}
      <Outlet />
    </Page>
  )
}

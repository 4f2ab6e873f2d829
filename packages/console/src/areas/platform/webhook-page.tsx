import { deliveryStates, redeliverFailed } from '@holdfast/contracts/platform/webhook-deliveries'
import {
  deleteWebhook,
  enableWebhook,
  rotateWebhookSecret,
  testWebhook,
  type Webhook,
} from '@holdfast/contracts/platform/webhooks'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, Outlet, useNavigate, useParams } from '@tanstack/react-router'
import { KeyRound, MoreHorizontal, Power, RotateCcw, Send, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { client } from '../../lib/client.ts'
import { plural } from '../../lib/format.ts'
import { useUrlFilters } from '../../lib/url-filters.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button, buttonClass } from '../../ui/button.tsx'
import { ConfirmDanger } from '../../ui/confirm-danger.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { FilterBar } from '../../ui/filter-bar.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Page } from '../../ui/page.tsx'
import { ProblemNotice } from '../../ui/problem-notice.tsx'
import { SecretOnce } from '../../ui/secret-once.tsx'
import { TimeFilter } from '../../ui/time-filter.tsx'
import { notify, notifyProblem } from '../../ui/toast.ts'
import { stateWords } from './webhook-delivery-words.ts'
import { deliveryFilters, WebhookDeliveries } from './webhook-deliveries.tsx'
import { healthWords, webhookEventsQuery, webhookQuery } from './webhooks-queries.ts'

const overlapHours = 24
const stateOptions = deliveryStates.map((value) => ({ value, label: stateWords[value].label }))

/** One webhook: how it is, what was sent, and what can be done about it. */
export default function WebhookPage() {
  const { webhookId = '' } = useParams({ strict: false })
  const webhook = useQuery(webhookQuery(webhookId))
  if (webhook.error) return <ProblemNotice problem={webhook.error} onRetry={() => void webhook.refetch()} />
  if (!webhook.data) return <div aria-busy className="h-60 animate-pulse rounded-md bg-sunken" />
  return <Details webhook={webhook.data} />
}

function Details({ webhook }: { webhook: Webhook }) {
  const { id, name } = webhook
  const params = { id }
  const isPlugins = webhook.pluginId !== null
  const queries = useQueryClient()
  const navigate = useNavigate()
  const filters = useUrlFilters(deliveryFilters)
  const events = useQuery(webhookEventsQuery)
  const [busy, setBusy] = useState(false)
  const [deleting, setDeleting] = useState(false)
  const [secret, setSecret] = useState<string>()

  const run = async (work: () => Promise<void>) => {
    setBusy(true)
    try {
      await work()
      await queries.invalidateQueries({ queryKey: ['webhooks'] })
    } catch (thrown) {
      notifyProblem(thrown)
    } finally {
      setBusy(false)
    }
  }
  const test = () =>
    run(async () => {
      const { data } = await client.call(testWebhook, { params })
      notify(
        data.success ? `The receiver answered ${data.status} in ${data.duration} ms` : 'The test failed',
        data.error ?? undefined,
      )
    })
  const rotate = () =>
    run(async () =>
      setSecret((await client.call(rotateWebhookSecret, { params, body: { overlapHours } })).data.secret),
    )
  const again = () =>
    run(async () => {
      const { data } = await client.call(redeliverFailed, { params, body: {} })
      notify(`${plural(data.redelivered, 'delivery', 'deliveries')} sent again`)
    })
  const enable = () =>
    run(async () => {
      await client.call(enableWebhook, { params })
      notify(`${name} is enabled`)
    })

  return (
    <Page
      title={name}
      description={<span className="font-mono text-xs">{webhook.url}</span>}
      badge={<Badge tone={healthWords[webhook.health].tone}>{healthWords[webhook.health].label}</Badge>}
      request={{ method: 'GET', path: `/api/webhooks/${id}/deliveries` }}
      action={
        <div className="flex items-center gap-2">
          <Menu trigger={<IconButton icon={MoreHorizontal} label="More" />}>
            <MenuItem icon={RotateCcw} disabled={!webhook.enabled} onSelect={() => void again()}>
              Send all failed again
            </MenuItem>
            <MenuItem icon={KeyRound} disabled={isPlugins} onSelect={() => void rotate()}>
              Rotate the secret
            </MenuItem>
            <MenuItem icon={Trash2} danger disabled={isPlugins} onSelect={() => setDeleting(true)}>
              Delete
            </MenuItem>
          </Menu>
          {webhook.pluginId === null ? (
            <Link to="/admin/webhooks/$webhookId/edit" params={{ webhookId: id }} className={buttonClass()}>
              Change
            </Link>
          ) : (
            <Link
              to="/admin/plugins/$pluginId"
              params={{ pluginId: webhook.pluginId }}
              className={buttonClass()}
            >
              Open the plugin
            </Link>
          )}
          <Button kind="primary" icon={Send} busy={busy} onClick={() => void test()}>
            Send a test
          </Button>
        </div>
      }
    >
      {!webhook.enabled && (
        <div className="mb-3">
          <Notice
            tone="warn"
            title="Nothing is sent"
            action={
              <Button icon={Power} size="small" disabled={isPlugins} onClick={() => void enable()}>
                Enable
              </Button>
            }
          >
            {disabledWords(webhook)}
          </Notice>
        </div>
      )}
      <FilterBar
        filters={filters}
        selects={[
          { name: 'state', label: 'State', allLabel: 'Any state', options: stateOptions },
          {
            name: 'event',
            label: 'Event',
            allLabel: 'Any event',
            options: (events.data ?? []).map((event) => ({ value: event.name, label: event.name })),
          },
        ]}
      >
        <TimeFilter
          from={filters.values.since}
          to={filters.values.until}
          onChange={(changes) =>
            filters.set({
              ...('from' in changes && { since: changes.from }),
              ...('to' in changes && { until: changes.to }),
            })
          }
        />
      </FilterBar>
      <WebhookDeliveries webhookId={id} filters={filters} />
      <Dialog
        open={secret !== undefined}
        onClose={() => setSecret(undefined)}
        title="The new secret"
        size="medium"
      >
        <p className="mb-3 text-sm text-ink-muted">
          For {overlapHours} hours requests carry the signature of the old secret as well. Give the new one to
          the receiver until then.
        </p>
        {secret !== undefined && (
          <SecretOnce label="Signing secret" secret={secret} fileName="webhook-secret.txt" />
        )}
      </Dialog>
      <ConfirmDanger
        open={deleting}
        onClose={() => setDeleting(false)}
        title={`Delete the webhook ${name}?`}
        consequences={[
          'Its address is not told any more what happens.',
          'What was sent to it can no longer be read.',
        ]}
        action="Delete webhook"
        onConfirm={async () => {
          await client.call(deleteWebhook, { params })
          await queries.invalidateQueries({ queryKey: ['webhooks', 'list'] })
          await navigate({ to: '/admin/webhooks' })
        }}
      />
      <Outlet />
    </Page>
  )
}

function disabledWords({ disabledReason }: Webhook): string {
  if (disabledReason === 'gone') return 'The receiver answered 410: the address is gone.'
  if (disabledReason === 'failing')
    return 'Nothing was taken for days, so it was disabled. Check the address first.'
  return 'Somebody disabled it.'
}

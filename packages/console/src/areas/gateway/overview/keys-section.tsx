import {
  createGatewayKey,
  type GatewayKey,
  revokeGatewayKey,
  rotateGatewayKey,
} from '@holdfast/contracts/gateway/keys'
import type { GatewayEntity } from '@holdfast/contracts/gateway/tenants'
import { useQuery } from '@tanstack/react-query'
import { MoreHorizontal, Plus, RotateCcw, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { client } from '../../../lib/client.ts'
import { plural } from '../../../lib/format.ts'
import { Badge } from '../../../ui/badge.tsx'
import { Button } from '../../../ui/button.tsx'
import { ConfirmDanger } from '../../../ui/confirm-danger.tsx'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { IconButton } from '../../../ui/icon-button.tsx'
import { Menu, MenuItem } from '../../../ui/menu.tsx'
import { Section } from '../../../ui/page.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import type { Column } from '../../../ui/table/columns.ts'
import { DataTable } from '../../../ui/table/data-table.tsx'
import { notify } from '../../../ui/toast.ts'
import { RelativeTime } from '../../../ui/values.tsx'
import { forgetGateway, keysQuery } from '../queries.ts'
import { KeyDialog, type KeyRequest } from './key-dialog.tsx'

interface KeysSectionProps {
  tenantId: string
  gateways: readonly GatewayEntity[]
}

/** What gateways show to be let in: made, replaced and taken back here. */
export function KeysSection({ tenantId, gateways }: KeysSectionProps) {
  const keys = useQuery(keysQuery(tenantId))
  const [asked, setAsked] = useState<KeyRequest>()
  const [revoking, setRevoking] = useState<GatewayKey>()
  const connected = gateways.filter(({ keyId, online }) => online && keyId === revoking?.id).length

  const columns: ReadonlyArray<Column<GatewayKey>> = [
    { id: 'label', header: 'Name', isTitle: true, cell: ({ label }) => label },
    {
      id: 'prefix',
      header: 'Begins with',
      width: '152px',
      cell: ({ prefix }) => <span className="font-mono text-xs">{prefix}…</span>,
    },
    {
      id: 'state',
      header: 'State',
      width: '200px',
      cell: ({ expiresAt }) =>
        expiresAt === null ? (
          <Badge tone="ok">Valid</Badge>
        ) : (
          <span className="flex items-center gap-2">
            <Badge tone="warn">Replaced</Badge> ends <RelativeTime at={expiresAt} />
          </span>
        ),
    },
    {
      id: 'used',
      header: 'Last used',
      width: '136px',
      cell: ({ lastUsedAt }) => <RelativeTime at={lastUsedAt} />,
    },
    {
      id: 'actions',
      header: 'Actions',
      width: '72px',
      align: 'end',
      cell: (one) => (
        <Menu
          trigger={
            <IconButton icon={MoreHorizontal} size="small" label={`Actions for the key ${one.label}`} />
          }
        >
          <MenuItem
            icon={RotateCcw}
            disabled={one.expiresAt !== null}
            onSelect={() => setAsked({ kind: 'rotate', key: one })}
          >
            Rotate
          </MenuItem>
          <MenuItem icon={Trash2} danger onSelect={() => setRevoking(one)}>
            Revoke
          </MenuItem>
        </Menu>
      ),
    },
  ]
  const add = (
    <Button icon={Plus} onClick={() => setAsked({ kind: 'create' })}>
      New key
    </Button>
  )
  return (
    <Section
      title="Gateway keys"
      description="A gateway shows one to be let in. Give each its own, so that one can be taken back without the others."
      action={add}
    >
      {keys.error ? (
        <ProblemNotice problem={keys.error} onRetry={() => void keys.refetch()} />
      ) : (
        <DataTable
          name="gateway-keys"
          label="Gateway keys"
          columns={columns}
          rows={keys.data ?? []}
          rowId={({ id }) => id}
          loading={keys.isPending}
          empty={
            <EmptyState
              icon={Plus}
              title="No gateway key"
              request={{
                method: 'POST',
                path: `/api/tenants/${tenantId}/keys`,
                body: { label: 'Frankfurt' },
              }}
            >
              Create one, and start a gateway with it. It is shown once.
            </EmptyState>
          }
        />
      )}
      {asked && (
        <KeyDialog
          request={asked}
          onClose={() => setAsked(undefined)}
          issue={async (label, overlapSeconds) => {
            const issued =
              asked.kind === 'create'
                ? await client.call(createGatewayKey, { params: { tenantId }, body: { label } })
                : await client.call(rotateGatewayKey, {
                    params: { tenantId, id: asked.key.id },
                    body: { overlapSeconds },
                  })
            await forgetGateway(tenantId)
            return issued.gatewayApiKey
          }}
        />
      )}
      {revoking && (
        <ConfirmDanger
          open
          onClose={() => setRevoking(undefined)}
          title={`Revoke the key ${revoking.label}?`}
          consequences={[
            connected === 0
              ? 'No connected gateway uses it.'
              : `${plural(connected, 'connected gateway')} with it ${connected === 1 ? 'stops' : 'stop'} serving at once.`,
            'It cannot be made valid again.',
          ]}
          typeToConfirm={revoking.label}
          action="Revoke key"
          onConfirm={async () => {
            await client.call(revokeGatewayKey, { params: { tenantId, id: revoking.id } })
            notify(`The key ${revoking.label} is revoked`)
            await forgetGateway(tenantId)
          }}
        />
      )}
    </Section>
  )
}

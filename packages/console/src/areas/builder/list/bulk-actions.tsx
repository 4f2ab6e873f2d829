import type { EndpointGroup } from '@holdfast/contracts/builder/endpoint-groups'
import {
  deleteEndpoint,
  type Endpoint,
  type EndpointChange,
  updateEndpoint,
} from '@holdfast/contracts/builder/endpoints'
import { FolderInput, Power, PowerOff, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { client } from '../../../lib/client.ts'
import { plural } from '../../../lib/format.ts'
import { Button } from '../../../ui/button.tsx'
import { ConfirmDanger } from '../../../ui/confirm-danger.tsx'
import { Menu, MenuItem } from '../../../ui/menu.tsx'
import { notify, notifyProblem } from '../../../ui/toast.ts'
import { basePathOf } from '../paths.ts'
import { forgetEndpoints } from '../queries.ts'

export interface BulkActionsProps {
  endpoints: readonly Endpoint[]
  groups: readonly EndpointGroup[]
  onDone: () => void
}

/** What can be done with several endpoints at once. They go one after the other; a refusal stops and says where. */
export function BulkActions({ endpoints, groups, onDone }: BulkActionsProps) {
  const [busy, setBusy] = useState(false)
  const [deleting, setDeleting] = useState(false)

  const change = async (body: Partial<Pick<EndpointChange, 'enabled' | 'groupId'>>) => {
    setBusy(true)
    try {
      for (const { id } of endpoints) await client.call(updateEndpoint, { params: { id }, body })
      notify(`${plural(endpoints.length, 'endpoint')} changed`)
      onDone()
    } catch (thrown) {
      notifyProblem(thrown)
    } finally {
      await forgetEndpoints()
      setBusy(false)
    }
  }

  const remove = async () => {
    try {
      for (const { id } of endpoints) await client.call(deleteEndpoint, { params: { id }, query: {} })
    } finally {
      await forgetEndpoints()
    }
    notify(`${plural(endpoints.length, 'endpoint')} deleted`)
    onDone()
  }

  return (
    <>
      <Button size="small" icon={Power} busy={busy} onClick={() => void change({ enabled: true })}>
        Turn on
      </Button>
      <Button size="small" icon={PowerOff} busy={busy} onClick={() => void change({ enabled: false })}>
        Turn off
      </Button>
      <Menu
        align="start"
        trigger={
          <Button size="small" icon={FolderInput} busy={busy}>
            Move to group
          </Button>
        }
      >
        {groups.map((group) => (
          <MenuItem key={group.id} onSelect={() => void change({ groupId: group.id })}>
            {group.name}
          </MenuItem>
        ))}
        <MenuItem onSelect={() => void change({ groupId: null })}>No group</MenuItem>
      </Menu>
      <Button size="small" icon={Trash2} onClick={() => setDeleting(true)}>
        Delete
      </Button>
      <ConfirmDanger
        open={deleting}
        onClose={() => setDeleting(false)}
        title={`Delete ${plural(endpoints.length, 'endpoint')}?`}
        consequences={[
          'Applications that call them get 404 from that moment on.',
          `Where the last endpoint of a path goes, its records go too: ${paths(endpoints)}.`,
        ]}
        typeToConfirm={`delete ${endpoints.length}`}
        action={`Delete ${plural(endpoints.length, 'endpoint')}`}
        onConfirm={remove}
      />
    </>
  )
}

function paths(endpoints: readonly Endpoint[]): string {
  return [...new Set(endpoints.map((endpoint) => basePathOf(endpoint.path)))].slice(0, 5).join(', ')
}

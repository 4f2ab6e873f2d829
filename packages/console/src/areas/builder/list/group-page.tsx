import {
  createEndpointGroup,
  deleteEndpointGroup,
  type EndpointGroup,
  updateEndpointGroup,
} from '@holdfast/contracts/builder/endpoint-groups'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { Trash2 } from 'lucide-react'
import { useState } from 'react'
import { client } from '../../../lib/client.ts'
import { plural } from '../../../lib/format.ts'
import { useMay } from '../../../lib/session.ts'
import { Button } from '../../../ui/button.tsx'
import { ConfirmDanger } from '../../../ui/confirm-danger.tsx'
import { Drawer } from '../../../ui/drawer.tsx'
import { NumberField, TextareaField, TextField } from '../../../ui/form/fields.tsx'
import { Form, useSchemaForm } from '../../../ui/form/schema-form.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { notify } from '../../../ui/toast.ts'
import { NetworkRulesField } from '../editor/network-rules-field.tsx'
import { endpointGroupsQuery, forgetEndpoints } from '../queries.ts'
import { GroupLookFields } from './group-look-fields.tsx'

/** One endpoint group beside the list, or a new one when the address ends in `new`. */
export default function EndpointGroupPage() {
  const { groupId } = useParams({ strict: false })
  const navigate = useNavigate()
  const groups = useQuery(endpointGroupsQuery)
  const close = () => void navigate({ to: '/build', search: (previous) => previous })
  if (groupId === undefined) return <GroupDrawer onClose={close} />
  const group = groups.data?.find((one) => one.id === groupId)
  if (group) return <GroupDrawer key={group.id} group={group} onClose={close} />
  return (
    <Drawer title="Endpoint group" onClose={close}>
      {groups.error && <ProblemNotice problem={groups.error} />}
      {groups.data ? (
        <Notice tone="warn">This group does not exist any more. Somebody may have deleted it.</Notice>
      ) : (
        <div aria-busy className="h-60 animate-pulse rounded-md bg-sunken" />
      )}
    </Drawer>
  )
}

function GroupDrawer({ group, onClose }: { group?: EndpointGroup; onClose: () => void }) {
  const mayManage = useMay('manage_api')
  const [deleting, setDeleting] = useState(false)
  const form = useSchemaForm({
    schema: createEndpointGroup.body,
    initial: {
      name: group?.name ?? '',
      description: group?.description ?? '',
      icon: group?.icon ?? 'folder',
      color: group?.color ?? '#3b82f6',
      order: group?.order ?? 0,
      networkAccess: group?.networkAccess ?? { enabled: false, allowedDomains: [], allowedIpRanges: [] },
    },
    onSubmit: async (value) => {
      await (group
        ? client.call(updateEndpointGroup, { params: { id: group.id }, body: value })
        : client.call(createEndpointGroup, { body: value }))
      await forgetEndpoints()
      notify(group ? 'Saved' : `The group ${value.name} is ready`)
      form.markSaved()
      queueMicrotask(onClose)
    },
  })
  const remove = async () => {
    if (!group) return
    await client.call(deleteEndpointGroup, { params: { id: group.id } })
    await forgetEndpoints()
    notify(`The group ${group.name} was deleted`)
    onClose()
  }
  return (
    <Drawer
      title={group?.name ?? 'New endpoint group'}
      onClose={onClose}
      footer={
        mayManage && (
          <>
            {group && (
              <Button kind="quiet" icon={Trash2} className="mr-auto" onClick={() => setDeleting(true)}>
                Delete
              </Button>
            )}
            <Button onClick={onClose}>Cancel</Button>
            <Button kind="primary" type="submit" form="endpoint-group" busy={form.busy}>
              {group ? 'Save' : 'Create group'}
            </Button>
          </>
        )
      }
    >
      <Form form={form} id="endpoint-group">
        <TextField name="name" label="Name" autoComplete="off" disabled={!mayManage} autoFocus={!group} />
        <TextareaField name="description" label="Description" rows={2} disabled={!mayManage} />
        <GroupLookFields disabled={!mayManage} />
        <NumberField
          name="order"
          label="Place"
          hint="Groups with a smaller number come first."
          disabled={!mayManage}
        />
        <NetworkRulesField
          name="networkAccess"
          disabled={!mayManage}
          hint="Endpoints in this group follow these rules unless they say otherwise."
        />
      </Form>
      {group && (
        <ConfirmDanger
          open={deleting}
          onClose={() => setDeleting(false)}
          title={`Delete the group ${group.name}?`}
          consequences={[
            `${plural(group.endpointCount, 'endpoint')} stay, without a group.`,
            ...(group.networkAccess.enabled
              ? ['The network rules they had from this group no longer apply.']
              : []),
          ]}
          typeToConfirm={group.name}
          action="Delete group"
          onConfirm={remove}
        />
      )}
    </Drawer>
  )
}

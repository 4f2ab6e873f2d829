import { createGroup, deleteGroup, type Group, updateGroup } from '@holdfast/contracts/identity/groups'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { Trash2 } from 'lucide-react'
import { useState } from 'react'
import { client } from '../../lib/client.ts'
import { useMay } from '../../lib/session.ts'
import { plural } from '../../lib/format.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { ConfirmDanger } from '../../ui/confirm-danger.tsx'
import { Drawer } from '../../ui/drawer.tsx'
import { TextareaField, TextField } from '../../ui/form/fields.tsx'
import { Form, useSchemaForm } from '../../ui/form/schema-form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { ProblemNotice } from '../../ui/problem-notice.tsx'
import { notify } from '../../ui/toast.ts'
import { PermissionField } from './permission-field.tsx'
import { isPermission } from './permissions.ts'
import { groupsQuery } from './queries.ts'

/** One group beside the matrix, or a new one when the address ends in `new`. */
export default function GroupPage() {
  const { groupId } = useParams({ strict: false })
  const navigate = useNavigate()
  const groups = useQuery(groupsQuery)
  const close = () => void navigate({ to: '/admin/groups' })
  if (groupId === undefined) return <GroupDrawer onClose={close} />
  const group = groups.data?.find((one) => one.id === groupId)
  if (group) return <GroupDrawer key={group.id} group={group} onClose={close} />
  return (
    <Drawer title="Group" onClose={close}>
      {groups.error && <ProblemNotice problem={groups.error} />}
      {groups.data ? (
        <Notice tone="warn">This group does not exist any more. Somebody may have deleted it.</Notice>
      ) : (
        <div aria-busy className="h-60 animate-pulse rounded-md bg-sunken" />
      )}
    </Drawer>
  )
}

function GroupDrawer({ group, onClose }: { group?: Group; onClose: () => void }) {
  const queries = useQueryClient()
  const mayManage = useMay('manage_users')
  const locked = group?.isSystem ?? false
  const [deleting, setDeleting] = useState(false)
  const form = useSchemaForm({
    schema: createGroup.body,
    initial: {
      name: group?.name ?? '',
      description: group?.description ?? '',
      permissions: group?.permissions.filter(isPermission) ?? [],
    },
    onSubmit: async (value) => {
      await (group
        ? client.call(updateGroup, { params: { id: group.id }, body: value })
        : client.call(createGroup, { body: value }))
      await queries.invalidateQueries({ queryKey: ['groups'] })
      notify(group ? 'Saved' : `The group ${value.name} is ready`)
      form.markSaved()
      if (!group) queueMicrotask(onClose)
    },
  })
  const remove = async () => {
    if (!group) return
    await client.call(deleteGroup, { params: { id: group.id } })
    await queries.invalidateQueries({ queryKey: ['groups'] })
    await queries.invalidateQueries({ queryKey: ['users'] })
    notify(`The group ${group.name} was deleted`)
    onClose()
  }
  return (
    <Drawer
      title={group?.name ?? 'Add group'}
      badge={locked && <Badge>System</Badge>}
      onClose={onClose}
      footer={
        mayManage &&
        !locked && (
          <>
            {group && (
              <Button kind="quiet" icon={Trash2} className="mr-auto" onClick={() => setDeleting(true)}>
                Delete
              </Button>
            )}
            <Button onClick={onClose}>Cancel</Button>
            <Button kind="primary" type="submit" form="group" busy={form.busy}>
              {group ? 'Save' : 'Add group'}
            </Button>
          </>
        )
      }
    >
      <Form form={form} id="group">
        {locked && (
          <Notice>
            This group came with the product and stays as it is. Add a group of your own to combine
            permissions differently.
          </Notice>
        )}
        <TextField
          name="name"
          label="Name"
          autoComplete="off"
          disabled={locked || !mayManage}
          autoFocus={!group}
        />
        <TextareaField name="description" label="Description" rows={2} disabled={locked || !mayManage} />
        <PermissionField name="permissions" disabled={locked || !mayManage} />
      </Form>
      {group && (
        <ConfirmDanger
          open={deleting}
          onClose={() => setDeleting(false)}
          title={`Delete the group ${group.name}?`}
          consequences={[
            `${plural(group.userCount, 'user')} ${group.userCount === 1 ? 'loses' : 'lose'} what only this group allows.`,
            'Endpoints that let this group in no longer do.',
          ]}
          typeToConfirm={group.name}
          action="Delete group"
          onConfirm={remove}
        />
      )}
    </Drawer>
  )
}

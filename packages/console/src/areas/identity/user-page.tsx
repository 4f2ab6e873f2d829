import type { Group } from '@holdfast/contracts/identity/groups'
import { resetUserMfa } from '@holdfast/contracts/identity/mfa'
import { deleteUser, updateUser, type User, userStatuses } from '@holdfast/contracts/identity/users'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { Trash2 } from 'lucide-react'
import { useState } from 'react'
import { client } from '../../lib/client.ts'
import { useMay, useMe } from '../../lib/session.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { ConfirmDanger } from '../../ui/confirm-danger.tsx'
import { Drawer } from '../../ui/drawer.tsx'
import { TextField } from '../../ui/form/fields.tsx'
import { MultiComboboxField, SelectField } from '../../ui/form/pick-fields.tsx'
import { Form, useSchemaForm } from '../../ui/form/schema-form.tsx'
import { ProblemNotice } from '../../ui/problem-notice.tsx'
import { notify } from '../../ui/toast.ts'
import { groupsQuery, userQuery } from './queries.ts'
import { editUserForm } from './schemas.ts'
import { statusWords } from './strings.ts'
import { UserFacts } from './user-facts.tsx'

/** One user beside the list: who they are, what they may do, and changing it. */
export default function UserPage() {
  const { userId } = useParams({ from: '/shell/admin/users/$userId' })
  const navigate = useNavigate()
  const user = useQuery(userQuery(userId))
  const groups = useQuery(groupsQuery)
  const close = () => void navigate({ to: '/admin/users', search: (previous) => previous })
  if (user.error) {
    return (
      <Drawer title="User" onClose={close}>
        <ProblemNotice problem={user.error} onRetry={() => void user.refetch()} />
      </Drawer>
    )
  }
  if (!user.data || !groups.data) {
    return (
      <Drawer title="User" onClose={close}>
        <div aria-busy className="h-60 animate-pulse rounded-md bg-sunken" />
      </Drawer>
    )
  }
  return <UserDrawer key={user.data.id} user={user.data} groups={groups.data} onClose={close} />
}

function UserDrawer({
  user,
  groups,
  onClose,
}: {
  user: User
  groups: readonly Group[]
  onClose: () => void
}) {
  const queries = useQueryClient()
  const me = useMe()
  const mayManage = useMay('manage_users')
  const isSelf = me?.id === user.id
  const [deleting, setDeleting] = useState(false)
  const [resetting, setResetting] = useState(false)
  const form = useSchemaForm({
    schema: editUserForm,
    initial: {
      name: user.name,
      login: user.login,
      email: user.email ?? '',
      status: user.status,
      groupIds: user.groupIds.map((group) => group.id),
    },
    onSubmit: async ({ status, email = null, ...value }) => {
      const changes = { ...value, email, ...(status === user.status ? {} : { status }) }
      await client.call(updateUser, { params: { id: user.id }, body: changes })
      await queries.invalidateQueries({ queryKey: ['users'] })
      notify('Saved')
    },
  })
  const remove = async () => {
    await client.call(deleteUser, { params: { id: user.id } })
    await queries.invalidateQueries({ queryKey: ['users'] })
    notify(`${user.name} was deleted`)
    onClose()
  }
  const resetMfa = async () => {
    await client.call(resetUserMfa, { params: { id: user.id } })
    notify('The second factor is removed')
  }
  // Somebody who was invited becomes active by choosing a password, not by a switch.
  const statuses =
    user.status === 'invited'
      ? (['invited', 'suspended'] as const)
      : userStatuses.filter((status) => status !== 'invited')

  return (
    <Drawer
      title={user.name}
      badge={<Badge tone={statusWords[user.status].tone}>{statusWords[user.status].label}</Badge>}
      onClose={onClose}
      footer={
        mayManage && (
          <>
            <Button
              kind="quiet"
              icon={Trash2}
              className="mr-auto"
              disabled={isSelf}
              onClick={() => setDeleting(true)}
            >
              Delete
            </Button>
            <Button kind="quiet" disabled={isSelf} onClick={() => setResetting(true)}>
              Remove second factor
            </Button>
            <Button onClick={onClose}>Cancel</Button>
            <Button kind="primary" type="submit" form="user-edit" busy={form.busy}>
              Save
            </Button>
          </>
        )
      }
    >
      <UserFacts user={user} />
      {mayManage && (
        <Form form={form} id="user-edit">
          <TextField name="name" label="Name" autoComplete="off" />
          <TextField name="login" label="Login" autoComplete="off" mono />
          <TextField name="email" label="E-mail address" type="email" autoComplete="off" />
          <SelectField
            name="status"
            label="Status"
            disabled={isSelf}
            hint={
              isSelf
                ? 'Nobody can suspend themselves.'
                : 'Anything but active ends their sessions within a second.'
            }
            options={statuses.map((status) => ({ value: status, label: statusWords[status].label }))}
          />
          <MultiComboboxField
            name="groupIds"
            label="Groups"
            placeholder="Choose groups"
            options={groups.map((group) => ({ value: group.id, label: group.name, hint: group.description }))}
          />
        </Form>
      )}
      <ConfirmDanger
        open={resetting}
        onClose={() => setResetting(false)}
        title={`Remove the second factor of ${user.name}?`}
        consequences={[
          'They sign in with their password alone until they set up another one.',
          'Do this only for somebody you are sure about: whoever has the password gets in.',
        ]}
        action="Remove second factor"
        onConfirm={resetMfa}
      />
      <ConfirmDanger
        open={deleting}
        onClose={() => setDeleting(false)}
        title={`Delete ${user.name}?`}
        consequences={[
          'Their sessions end within a second, and they cannot sign in again.',
          `They leave ${user.groupIds.length === 1 ? '1 group' : `${user.groupIds.length} groups`}.`,
          'What they did stays in the audit log.',
        ]}
        typeToConfirm={user.login}
        action="Delete user"
        onConfirm={remove}
      />
    </Drawer>
  )
}

import { createUser, type User } from '@holdfast/contracts/identity/users'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { baseUrl } from '../../lib/base.ts'
import { client } from '../../lib/client.ts'
import { Button } from '../../ui/button.tsx'
import { Drawer } from '../../ui/drawer.tsx'
import { TextField } from '../../ui/form/fields.tsx'
import { MultiComboboxField } from '../../ui/form/pick-fields.tsx'
import { Form, useSchemaForm } from '../../ui/form/schema-form.tsx'
import { SecretOnce } from '../../ui/secret-once.tsx'
import { notify } from '../../ui/toast.ts'
import { groupsQuery } from './queries.ts'

/** Adds a user. Without a password they are invited: the link to choose one is shown once. */
export default function UserNewPage() {
  const navigate = useNavigate()
  const queries = useQueryClient()
  const groups = useQuery(groupsQuery)
  const [invited, setInvited] = useState<{ user: User; token: string }>()
  const close = () => void navigate({ to: '/admin/users', search: (previous) => previous })

  const form = useSchemaForm({
    schema: createUser.body,
    initial: { name: '', login: '', email: '', password: '', groupIds: [] },
    onSubmit: async (value) => {
      const { data: user, setPasswordToken: token } = await client.call(createUser, { body: value })
      await queries.invalidateQueries({ queryKey: ['users'] })
      if (token !== undefined) {
        setInvited({ user, token })
        return
      }
      notify(`${user.name} can sign in`)
      // The values are saved, so the guard has nothing to ask about.
      form.markSaved()
      queueMicrotask(close)
    },
  })

  if (invited) {
    const link = new URL(`set-password?token=${encodeURIComponent(invited.token)}`, baseUrl).href
    return (
      <Drawer
        title={`${invited.user.name} is invited`}
        onClose={close}
        footer={
          <Button kind="primary" onClick={close}>
            Done
          </Button>
        }
      >
        <p className="mb-3 text-sm text-ink-muted">
          Send this link to {invited.user.name}. Until they choose a password with it, nobody can sign in as
          them.
        </p>
        <SecretOnce
          label="Set-password link"
          secret={link}
          fileName={`invitation-${invited.user.login}.txt`}
          hint="It works once."
        />
      </Drawer>
    )
  }

  return (
    <Drawer
      title="Add user"
      onClose={close}
      footer={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button kind="primary" type="submit" form="user-new" busy={form.busy}>
            Add user
          </Button>
        </>
      }
    >
      <Form form={form} id="user-new">
        <TextField name="name" label="Name" autoComplete="off" autoFocus />
        <TextField
          name="login"
          label="Login"
          autoComplete="off"
          mono
          hint="What they sign in with; small letters."
        />
        <TextField
          name="email"
          label="E-mail address"
          type="email"
          autoComplete="off"
          hint="Also works for signing in, and is where reset links go."
        />
        <TextField
          name="password"
          label="Password"
          type="password"
          autoComplete="new-password"
          hint="Leave it empty to get a link with which they choose their own."
        />
        <MultiComboboxField
          name="groupIds"
          label="Groups"
          placeholder="Choose groups"
          hint="What they may do. Without a group they can sign in and see their own profile."
          options={(groups.data ?? []).map((group) => ({
            value: group.id,
            label: group.name,
            hint: group.description,
          }))}
        />
      </Form>
    </Drawer>
  )
}

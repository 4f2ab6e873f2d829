import type { Me } from '@holdfast/contracts/identity/auth'
import { updateProfile } from '@holdfast/contracts/identity/profile'
import { useQueryClient } from '@tanstack/react-query'
import { Link, Outlet } from '@tanstack/react-router'
import { useWatch } from 'react-hook-form'
import { client } from '../../lib/client.ts'
import { meQuery, useMe } from '../../lib/session.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button, buttonClass } from '../../ui/button.tsx'
import { TextField } from '../../ui/form/fields.tsx'
import { Form, useSchemaForm } from '../../ui/form/schema-form.tsx'
import { Page, Section } from '../../ui/page.tsx'
import { notify } from '../../ui/toast.ts'
import { IdentitiesSection } from './identities-section.tsx'
import { MfaSection } from './mfa-section.tsx'
import { profileForm } from './schemas.ts'
import { describePermission } from './permissions.ts'

/** Your own account. */
export default function ProfilePage() {
  const me = useMe()
  return (
    <Page title="Profile" request={{ method: 'GET', path: '/api/profile' }} width="reading">
      {me && <AccountForm key={me.id} me={me} />}
      <Section
        title="Password"
        description="Changing it ends your other sessions."
        action={
          <Link to="/profile/password" className={buttonClass()}>
            Change password
          </Link>
        }
      >
        <p className="text-sm text-ink-muted">
          Stored as a hash that nobody, not even an administrator, can read back.
        </p>
      </Section>
      <MfaSection />
      <IdentitiesSection />
      <Section
        title="What you may do"
        description="It comes from your groups; ask an administrator to change it."
      >
        <dl className="grid grid-cols-[auto_1fr] items-center gap-x-6 gap-y-3">
          <dt className="text-sm text-ink-subtle">Groups</dt>
          <dd className="flex flex-wrap gap-1">
            {me?.groupIds.map((group) => (
              <Badge key={group.id} tone="accent">
                {group.name}
              </Badge>
            ))}
          </dd>
          <dt className="text-sm text-ink-subtle">Permissions</dt>
          <dd className="flex flex-wrap gap-1">
            {me?.permissions.map((permission) => (
              <Badge key={permission}>{describePermission(permission).label}</Badge>
            ))}
          </dd>
        </dl>
      </Section>
      <Outlet />
    </Page>
  )
}

function AccountForm({ me }: { me: Me }) {
  const queries = useQueryClient()
  const form = useSchemaForm({
    schema: profileForm,
    initial: { name: me.name, login: me.login, email: me.email ?? '', currentPassword: '' },
    onSubmit: async ({ name, login, email = null, currentPassword }) => {
      // An address that was cleared is taken away; one that is left out would stay.
      await client.call(updateProfile, { body: { name, login, email, currentPassword } })
      await queries.invalidateQueries({ queryKey: meQuery.queryKey })
      form.form.setValue('currentPassword', '')
      notify('Your profile is saved')
    },
  })
  const email = useWatch({ control: form.form.control, name: 'email' }) ?? ''
  const isReaddressed = email !== (me.email ?? '')
  return (
    <Section title="Account">
      <Form form={form}>
        <TextField name="name" label="Name" autoComplete="name" />
        <TextField name="login" label="Login" autoComplete="username" mono />
        <TextField
          name="email"
          label="E-mail address"
          type="email"
          autoComplete="email"
          hint="Reset links go here."
        />
        {isReaddressed && (
          <TextField
            name="currentPassword"
            label="Current password"
            type="password"
            autoComplete="current-password"
            hint="Another address needs it. Leave it empty if you have no password."
          />
        )}
        <div className="flex justify-end">
          <Button kind="primary" type="submit" busy={form.busy} disabled={!form.form.formState.isDirty}>
            Save
          </Button>
        </div>
      </Form>
    </Section>
  )
}

import { createWebhook, updateWebhook, type Webhook } from '@holdfast/contracts/platform/webhooks'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { client } from '../../lib/client.ts'
import { Button } from '../../ui/button.tsx'
import { Drawer } from '../../ui/drawer.tsx'
import { CheckboxField, TextField } from '../../ui/form/fields.tsx'
import { MultiComboboxField } from '../../ui/form/pick-fields.tsx'
import { Form, useSchemaForm } from '../../ui/form/schema-form.tsx'
import { SecretOnce } from '../../ui/secret-once.tsx'
import { notify } from '../../ui/toast.ts'
import { WebhookHeadersField } from './webhook-headers-field.tsx'
import { webhookEventsQuery, webhookQuery } from './webhooks-queries.ts'

/** A new webhook beside the list, or the change of one beside its deliveries. */
export default function WebhookFormPage() {
  const { webhookId } = useParams({ strict: false })
  return webhookId === undefined ? <WebhookForm /> : <EditWebhook id={webhookId} />
}

function EditWebhook({ id }: { id: string }) {
  const { data } = useQuery(webhookQuery(id))
  // Remade for another webhook, and not when a newer state of the same one comes in while somebody types.
  return data ? <WebhookForm key={id} webhook={data} /> : null
}

function WebhookForm({ webhook }: { webhook?: Webhook }) {
  const navigate = useNavigate()
  const queries = useQueryClient()
  const events = useQuery(webhookEventsQuery)
  const [made, setMade] = useState<{ name: string; secret: string; id: string }>()
  const close = () =>
    void (webhook
      ? navigate({ to: '/admin/webhooks/$webhookId', params: { webhookId: webhook.id } })
      : navigate({ to: '/admin/webhooks' }))

  const form = useSchemaForm({
    schema: createWebhook.body,
    initial: {
      name: webhook?.name ?? '',
      url: webhook?.url ?? '',
      events: webhook?.events ?? [],
      ordered: webhook?.ordered ?? false,
      enabled: webhook?.enabled ?? true,
      customHeaders: webhook?.customHeaders ?? {},
    },
    onSubmit: async (body) => {
      if (webhook) {
        await client.call(updateWebhook, { params: { id: webhook.id }, body })
        await queries.invalidateQueries({ queryKey: ['webhooks'] })
        notify('Saved')
        form.markSaved()
        queueMicrotask(close)
        return
      }
      const { data } = await client.call(createWebhook, { body })
      await queries.invalidateQueries({ queryKey: ['webhooks'] })
      setMade(data)
    },
  })

  if (made) {
    const open = () => void navigate({ to: '/admin/webhooks/$webhookId', params: { webhookId: made.id } })
    return (
      <Drawer
        title={`${made.name} is ready`}
        onClose={open}
        footer={
          <Button kind="primary" onClick={open}>
            Done
          </Button>
        }
      >
        <p className="mb-3 text-sm text-ink-muted">
          Every request is signed with this secret. Give it to the receiver, so that it can tell our requests
          from others.
        </p>
        <SecretOnce label="Signing secret" secret={made.secret} fileName="webhook-secret.txt" />
      </Drawer>
    )
  }

  const options = [
    { value: '*', label: '*', hint: 'Everything but the frequent ones' },
    ...kindsOf(events.data ?? []),
    ...(events.data ?? []).map(({ name, description }) => ({ value: name, label: name, hint: description })),
  ]
  return (
    <Drawer
      title={webhook ? `Change ${webhook.name}` : 'Add webhook'}
      onClose={close}
      footer={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button kind="primary" type="submit" form="webhook" busy={form.busy}>
            {webhook ? 'Save' : 'Add webhook'}
          </Button>
        </>
      }
    >
      <Form form={form} id="webhook">
        <TextField name="name" label="Name" autoComplete="off" autoFocus={!webhook} />
        <TextField
          name="url"
          label="Address"
          type="url"
          autoComplete="off"
          mono
          placeholder="https://example.com/hook"
          hint="Must answer with 2xx within 15 seconds. Private addresses have to be admitted by the operator."
        />
        <MultiComboboxField name="events" label="Events" placeholder="Choose events" options={options} />
        <WebhookHeadersField name="customHeaders" />
        <CheckboxField
          name="ordered"
          label="In order"
          hint="One at a time: a delivery waits until the one before it has succeeded or was given up."
        />
        <CheckboxField
          name="enabled"
          label="Enabled"
          hint="What happens while it is disabled is not kept for it."
        />
      </Form>
    </Drawer>
  )
}

function kindsOf(events: ReadonlyArray<{ name: string; frequent: boolean }>) {
  const nouns = events.filter(({ frequent }) => !frequent).map(({ name }) => name.split('.', 1)[0] ?? name)
  return [...new Set(nouns)].map((noun) => ({
    value: `${noun}.*`,
    label: `${noun}.*`,
    hint: 'All events of this kind',
  }))
}

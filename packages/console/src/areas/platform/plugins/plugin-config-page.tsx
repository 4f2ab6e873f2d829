import { updatePluginConfig } from '@holdfast/contracts/platform/plugins'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { z } from 'zod'
import { client } from '../../../lib/client.ts'
import { Button } from '../../../ui/button.tsx'
import { Drawer } from '../../../ui/drawer.tsx'
import { Form, useSchemaForm } from '../../../ui/form/schema-form.tsx'
import { notify } from '../../../ui/toast.ts'
import { JsonField, jsonOf } from './json-field.tsx'
import { pluginConfigQuery } from './queries.ts'

const configForm = z.object({ config: jsonOf(updatePluginConfig.body) })

/** What a plugin is configured with, beside its page. */
export default function PluginConfigPage() {
  const { pluginId = '' } = useParams({ strict: false })
  const { data } = useQuery(pluginConfigQuery(pluginId))
  return data ? <ConfigDrawer key={pluginId} id={pluginId} config={data} /> : null
}

function ConfigDrawer({ id, config }: { id: string; config: Record<string, unknown> }) {
  const navigate = useNavigate()
  const queries = useQueryClient()
  const close = () => void navigate({ to: '/admin/plugins/$pluginId', params: { pluginId: id } })
  const form = useSchemaForm({
    schema: configForm,
    initial: { config: JSON.stringify(config, null, 2) },
    onSubmit: async (value) => {
      await client.call(updatePluginConfig, { params: { id }, body: value.config })
      await queries.invalidateQueries({ queryKey: ['plugins'] })
      form.markSaved()
      notify('Saved', 'The plugin learns of it with its next heartbeat.')
      queueMicrotask(close)
    },
  })
  return (
    <Drawer
      title="Configuration"
      size="large"
      onClose={close}
      footer={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button kind="primary" type="submit" form="plugin-config" busy={form.busy}>
            Save
          </Button>
        </>
      }
    >
      <Form form={form} id="plugin-config">
        <JsonField
          name="config"
          label="Configuration"
          minHeightPx={280}
          hint={
            'A secret is shown as "has_" and its key: leave that line and it stays, or write the key itself with a new value.'
          }
        />
      </Form>
    </Drawer>
  )
}

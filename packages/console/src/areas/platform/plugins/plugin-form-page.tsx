import { PluginChange, PluginManifest } from '@holdfast/contracts/platform/plugin-manifest'
import { type Plugin, registerPlugin, updatePlugin } from '@holdfast/contracts/platform/plugins'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { z } from 'zod'
import { client } from '../../../lib/client.ts'
import { Button } from '../../../ui/button.tsx'
import { Drawer } from '../../../ui/drawer.tsx'
import { Form, useSchemaForm } from '../../../ui/form/schema-form.tsx'
import { SecretOnce } from '../../../ui/secret-once.tsx'
import { notify } from '../../../ui/toast.ts'
import { JsonField, jsonOf } from './json-field.tsx'
import { pluginQuery } from './queries.ts'

const example = {
  name: 'Scanner',
  version: '1.0.0',
  url: 'https://scanner.example.com/holdfast',
  health_check: 'https://scanner.example.com/health',
  events: ['user.created'],
  hooks: [{ when: 'before', endpoint: '/api/orders', operations: ['create'], on_failure: 'open' }],
  scopes: ['records:read'],
}

const newForm = z.object({ manifest: jsonOf(PluginManifest) })
const changeForm = z.object({ manifest: jsonOf(PluginChange) })

/** A new plugin beside the list, or the change of one beside its page. */
export default function PluginFormPage() {
  const { pluginId } = useParams({ strict: false })
  return pluginId === undefined ? <NewPlugin /> : <EditPlugin id={pluginId} />
}

function NewPlugin() {
  const navigate = useNavigate()
  const queries = useQueryClient()
  const [made, setMade] = useState<{ plugin_id: string; token: string; signing_secret: string }>()
  const form = useSchemaForm({
    schema: newForm,
    initial: { manifest: JSON.stringify(example, null, 2) },
    onSubmit: async ({ manifest }) => {
      const { data } = await client.call(registerPlugin, { body: manifest })
      await queries.invalidateQueries({ queryKey: ['plugins', 'list'] })
      setMade(data)
    },
  })
  if (made) {
    const open = () => void navigate({ to: '/admin/plugins/$pluginId', params: { pluginId: made.plugin_id } })
    return (
      <Drawer
        title={`${made.plugin_id} is registered`}
        onClose={open}
        footer={
          <Button kind="primary" onClick={open}>
            Done
          </Button>
        }
      >
        <div className="flex flex-col gap-3">
          <SecretOnce
            label="Token of the plugin"
            secret={made.token}
            fileName={`${made.plugin_id}-token.txt`}
            hint="The plugin sends it as Authorization: Bearer."
          />
          <SecretOnce
            label="Signing secret"
            secret={made.signing_secret}
            fileName={`${made.plugin_id}-signing-secret.txt`}
            hint="The plugin checks with it that a request comes from here."
          />
        </div>
      </Drawer>
    )
  }
  const close = () => void navigate({ to: '/admin/plugins' })
  return (
    <ManifestDrawer title="Register plugin" action="Register plugin" busy={form.busy} onClose={close}>
      <Form form={form} id="plugin" guardUnsaved={false}>
        <JsonField
          name="manifest"
          label="Manifest"
          minHeightPx={320}
          hint="Only name and version are needed. The id is made from the name."
        />
      </Form>
    </ManifestDrawer>
  )
}

function EditPlugin({ id }: { id: string }) {
  const { data } = useQuery(pluginQuery(id))
  // Made once: a newer state that comes in must not overwrite what somebody types.
  return data ? <ChangePlugin key={id} plugin={data} /> : null
}

/** What may be changed of a plugin, as it stands. */
function manifestOf(plugin: Plugin) {
  return Object.fromEntries(Object.entries(plugin).filter(([key]) => key in PluginChange.shape))
}

function ChangePlugin({ plugin }: { plugin: Plugin }) {
  const navigate = useNavigate()
  const queries = useQueryClient()
  const close = () => void navigate({ to: '/admin/plugins/$pluginId', params: { pluginId: plugin.id } })
  const form = useSchemaForm({
    schema: changeForm,
    initial: { manifest: JSON.stringify(manifestOf(plugin), null, 2) },
    onSubmit: async ({ manifest }) => {
      await client.call(updatePlugin, { params: { id: plugin.id }, body: manifest })
      await queries.invalidateQueries({ queryKey: ['plugins'] })
      form.markSaved()
      notify(`${plugin.name} is saved`)
      queueMicrotask(close)
    },
  })
  return (
    <ManifestDrawer title={`Change ${plugin.name}`} action="Save" busy={form.busy} onClose={close}>
      <Form form={form} id="plugin">
        <JsonField name="manifest" label="Manifest" minHeightPx={420} />
      </Form>
    </ManifestDrawer>
  )
}

function ManifestDrawer(props: {
  title: string
  action: string
  busy: boolean
  onClose: () => void
  children: React.ReactNode
}) {
  return (
    <Drawer
      title={props.title}
      size="large"
      onClose={props.onClose}
      footer={
        <>
          <Button onClick={props.onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form="plugin" busy={props.busy}>
            {props.action}
          </Button>
        </>
      }
    >
      {props.children}
    </Drawer>
  )
}

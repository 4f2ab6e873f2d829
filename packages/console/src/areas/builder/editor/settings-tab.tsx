import { type EndpointMethod, endpointMethods } from '@holdfast/contracts/builder/endpoints'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useMay } from '../../../lib/session.ts'
import { Button } from '../../../ui/button.tsx'
import { Combobox } from '../../../ui/combobox.tsx'
import { Field, ToggleRow } from '../../../ui/field.tsx'
import { Input } from '../../../ui/input.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Section } from '../../../ui/page.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { Select } from '../../../ui/select.tsx'
import { Switch } from '../../../ui/switch.tsx'
import { Textarea } from '../../../ui/textarea.tsx'
import { PublishSection } from '../../gateway/publish/publish-section.tsx'
import { endpointGroupsQuery } from '../queries.ts'
import { SaveBar } from '../save-bar.tsx'
import { DeleteEndpoint } from './delete-endpoint.tsx'
import { useEndpoint } from './endpoint-context.ts'
import { RateLimitFields } from './rate-limit-fields.tsx'
import { useEndpointDraft } from './use-endpoint-draft.ts'

/** Name, address and upkeep of the endpoint, and its end. */
export default function SettingsTab() {
  const endpoint = useEndpoint()
  const navigate = useNavigate()
  const groups = useQuery(endpointGroupsQuery)
  const mayManage = useMay('manage_api')
  const locked = !mayManage || endpoint.isSystem
  const [deleting, setDeleting] = useState(false)
  const { name, description, path, method, apiVersion, groupId, enabled, dataRetentionDays, rateLimit } =
    endpoint
  const draft = useEndpointDraft(endpoint, {
    name,
    description,
    path,
    method,
    apiVersion,
    groupId,
    enabled,
    dataRetentionDays,
    rateLimit,
  })
  const { value, set } = draft
  const moved = value.path !== path
  return (
    <div className="max-w-180">
      {endpoint.isSystem && (
        <div className="mb-4">
          <Notice>This endpoint belongs to the product. It can be read and tried, not changed.</Notice>
        </div>
      )}
      <Section title="Settings">
        <div className="flex flex-col gap-4">
          {draft.problem !== undefined && <ProblemNotice problem={draft.problem} />}
          <ToggleRow label="On" hint="Off: callers get 404, as if it did not exist. The records stay.">
            <Switch
              checked={value.enabled}
              disabled={locked}
              onCheckedChange={(next) => set({ enabled: next })}
            />
          </ToggleRow>
          <Field label="Name">
            <Input
              value={value.name}
              maxLength={120}
              disabled={locked}
              onChange={(event) => set({ name: event.target.value })}
            />
          </Field>
          <Field label="Description" optional hint="Stands at the top of its documentation.">
            <Textarea
              value={value.description}
              maxLength={2_000}
              disabled={locked}
              onChange={(event) => set({ description: event.target.value })}
            />
          </Field>
          <div className="grid gap-4 sm:grid-cols-[8rem_minmax(0,1fr)]">
            <Field label="Method">
              <Select<EndpointMethod>
                options={endpointMethods.map((one) => ({ value: one, label: one }))}
                value={value.method}
                disabled={locked}
                onChange={(next) => set({ method: next })}
              />
            </Field>
            <Field label="Path" hint="Parameters begin with a colon: /api/shops/:shop/items.">
              <Input
                mono
                value={value.path}
                maxLength={500}
                disabled={locked}
                onChange={(event) => set({ path: event.target.value })}
              />
            </Field>
          </div>
          {moved && (
            <Notice tone="warn">
              Applications that call {path} get 404 once this is saved. The records of this endpoint move with
              it.
            </Notice>
          )}
          <div className="grid gap-4 sm:grid-cols-2">
            <Field label="Endpoint group" optional>
              <Combobox
                options={(groups.data ?? []).map((group) => ({ value: group.id, label: group.name }))}
                value={value.groupId}
                disabled={locked}
                placeholder="None"
                onChange={(next) => set({ groupId: next })}
              />
            </Field>
            <Field label="Version alias" optional hint={versionHint(value.apiVersion, value.path)}>
              <Input
                mono
                value={value.apiVersion ?? ''}
                placeholder="v1"
                disabled={locked}
                onChange={(event) => set({ apiVersion: event.target.value || null })}
              />
            </Field>
          </div>
          <Field
            label="Keep records for"
            optional
            hint="Days after which a record is deleted, counted from its creation. Empty: for good."
          >
            <Input
              type="number"
              min={1}
              max={36_500}
              className="max-w-40"
              value={value.dataRetentionDays ?? ''}
              disabled={locked}
              onChange={(event) =>
                set({ dataRetentionDays: event.target.value === '' ? null : Number(event.target.value) })
              }
            />
          </Field>
          <RateLimitFields
            value={value.rateLimit}
            disabled={locked}
            onChange={(next) => set({ rateLimit: next })}
          />
        </div>
        <SaveBar
          dirty={draft.dirty}
          busy={draft.busy}
          onSave={() => void draft.save()}
          onDiscard={draft.discard}
        />
      </Section>
      {!locked && <PublishSection endpointId={endpoint.id} />}
      {!locked && (
        <Section
          title="Delete"
          description="Callers get 404 from that moment on. The records go with the last endpoint of their path."
          action={
            <Button icon={Trash2} onClick={() => setDeleting(true)}>
              Delete endpoint
            </Button>
          }
        >
          <p className="text-sm text-ink-muted">To stop it for a while, turn it off above instead.</p>
        </Section>
      )}
      <DeleteEndpoint
        endpoint={endpoint}
        open={deleting}
        onClose={() => setDeleting(false)}
        onDeleted={() => void navigate({ to: '/build' })}
      />
    </div>
  )
}

function versionHint(version: string | null, path: string): string {
  if (!version) return 'A version such as v1 serves the same under a second path.'
  return `Also answers at ${path.replace(/^\/api\//, `/api/${version}/`)}.`
}

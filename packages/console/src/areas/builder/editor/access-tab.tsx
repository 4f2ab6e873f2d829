import { Radio } from '@base-ui/react/radio'
import { RadioGroup } from '@base-ui/react/radio-group'
import { type AccessType, accessTypes } from '@holdfast/contracts/builder/endpoints'
import { useQuery } from '@tanstack/react-query'
import { Globe, KeyRound, type LucideIcon, UsersRound } from 'lucide-react'
import { useMay } from '../../../lib/session.ts'
import { MultiCombobox } from '../../../ui/combobox.tsx'
import { Field } from '../../../ui/field.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Section } from '../../../ui/page.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { groupsQuery } from '../../identity/queries.ts'
import { SaveBar } from '../save-bar.tsx'
import { accessWords } from '../strings.ts'
import { useEndpoint } from './endpoint-context.ts'
import { useEndpointDraft } from './use-endpoint-draft.ts'

const icons: Record<AccessType, LucideIcon> = { public: Globe, authenticated: KeyRound, group: UsersRound }

/** Who may call the endpoint. */
export default function AccessTab() {
  const endpoint = useEndpoint()
  const groups = useQuery(groupsQuery)
  const locked = !useMay('manage_api') || endpoint.isSystem
  const { accessType, allowedGroupIds } = endpoint
  const draft = useEndpointDraft(endpoint, { accessType, allowedGroupIds })
  const needsGroup = draft.value.accessType === 'group' && draft.value.allowedGroupIds.length === 0
  return (
    <Section
      title="Who may call it"
      description="Checked on every call; a change holds within a second, on every replica."
    >
      {draft.problem !== undefined && (
        <div className="mb-3">
          <ProblemNotice problem={draft.problem} />
        </div>
      )}
      <RadioGroup
        aria-label="Who may call it"
        value={draft.value.accessType}
        disabled={locked}
        onValueChange={(value: AccessType) => draft.set({ accessType: value })}
        className="grid gap-3 sm:grid-cols-3"
      >
        {accessTypes.map((value) => {
          const Icon = icons[value]
          return (
            <Radio.Root
              key={value}
              value={value}
              className="flex flex-col gap-1 rounded-md border border-line-strong bg-surface p-4 text-left hover:bg-hover data-checked:border-accent data-checked:bg-accent-soft data-disabled:text-ink-muted"
            >
              <Icon aria-hidden className="mb-1 size-5 text-accent-ink" />
              <span className="text-base font-medium">{accessWords[value].label}</span>
              <span className="text-sm text-ink-muted">{accessWords[value].hint}</span>
            </Radio.Root>
          )
        })}
      </RadioGroup>
      {draft.value.accessType === 'group' && (
        <Field
          className="mt-4 max-w-120"
          label="Groups that may call it"
          error={needsGroup ? 'Choose at least one group; as it stands nobody could call it.' : undefined}
          hint="Members of any of them are let in."
        >
          <MultiCombobox
            options={(groups.data ?? []).map((group) => ({
              value: group.id,
              label: group.name,
              hint: group.description,
            }))}
            value={draft.value.allowedGroupIds}
            onChange={(ids) => draft.set({ allowedGroupIds: ids })}
            disabled={locked}
            placeholder="Choose groups"
          />
        </Field>
      )}
      {draft.value.accessType === 'public' && endpoint.method !== 'GET' && (
        <div className="mt-4">
          <Notice tone="warn">
            Anybody who can reach this server will be able to{' '}
            {endpoint.method === 'DELETE' ? 'delete' : 'write'} records. Network rules can limit from where.
          </Notice>
        </div>
      )}
      <SaveBar
        dirty={draft.dirty}
        busy={draft.busy}
        disabled={needsGroup}
        onSave={() => void draft.save()}
        onDiscard={draft.discard}
      />
    </Section>
  )
}

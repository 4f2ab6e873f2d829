import { useQuery } from '@tanstack/react-query'
import { describeProblem } from '../../../lib/problem-text.ts'
import { useMay } from '../../../lib/session.ts'
import { ToggleRow } from '../../../ui/field.tsx'
import { Section } from '../../../ui/page.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { Switch } from '../../../ui/switch.tsx'
import { endpointGroupsQuery } from '../queries.ts'
import { SaveBar } from '../save-bar.tsx'
import { AddressTest } from './address-test.tsx'
import { EffectiveRules } from './effective-rules.tsx'
import { useEndpoint } from './endpoint-context.ts'
import { effectiveRules } from './network-rules.ts'
import { NetworkRulesEditor } from './network-rules-editor.tsx'
import { useEndpointDraft } from './use-endpoint-draft.ts'

/** From where the endpoint may be called: its own rules, its group's, and what the two make together. */
export default function NetworkTab() {
  const endpoint = useEndpoint()
  const groups = useQuery(endpointGroupsQuery)
  const locked = !useMay('manage_api') || endpoint.isSystem
  const { networkAccess, inheritGroupNetworkAccess } = endpoint
  const draft = useEndpointDraft(endpoint, { networkAccess, inheritGroupNetworkAccess })
  const group = groups.data?.find((one) => one.id === endpoint.groupId)
  const result = effectiveRules(
    draft.value.networkAccess,
    draft.value.inheritGroupNetworkAccess,
    group?.networkAccess ?? null,
  )
  const details = describeProblem(draft.problem).details
  const errorAt = (name: string) => details.find((detail) => detail.path.includes(name))?.message
  return (
    <div className="grid items-start gap-x-6 lg:grid-cols-[minmax(0,1fr)_minmax(18rem,24rem)]">
      <Section
        title="Rules of this endpoint"
        description="Checked before anything else. A caller from elsewhere gets 403 and learns nothing."
      >
        {draft.problem !== undefined && (
          <div className="mb-3">
            <ProblemNotice problem={draft.problem} />
          </div>
        )}
        <NetworkRulesEditor
          rules={draft.value.networkAccess}
          onChange={(rules) => draft.set({ networkAccess: rules })}
          hint="Off: this endpoint adds no rule of its own."
          disabled={locked}
          domainError={errorAt('allowedDomains')}
          rangeError={errorAt('allowedIpRanges')}
        />
        <ToggleRow
          className="mt-4"
          label="Follow the rules of its group too"
          hint={
            group
              ? `It is in ${group.name}. Rules of both are added together.`
              : 'It is in no group, so there is nothing to follow yet.'
          }
        >
          <Switch
            checked={draft.value.inheritGroupNetworkAccess}
            disabled={locked}
            onCheckedChange={(inherit) => draft.set({ inheritGroupNetworkAccess: inherit })}
          />
        </ToggleRow>
        <SaveBar
          dirty={draft.dirty}
          busy={draft.busy}
          onSave={() => void draft.save()}
          onDiscard={draft.discard}
        />
      </Section>
      <div>
        <EffectiveRules result={result} unsaved={draft.dirty} />
        <AddressTest endpoint={endpoint} unsaved={draft.dirty} />
      </div>
    </div>
  )
}

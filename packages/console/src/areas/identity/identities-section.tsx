import { linkIdentity, type LinkedIdentity, unlinkIdentity } from '@holdfast/contracts/identity/oauth'
import { problems } from '@holdfast/contracts/problems'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { client } from '../../lib/client.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Section } from '../../ui/page.tsx'
import { notify, notifyProblem } from '../../ui/toast.ts'
import { RelativeTime } from '../../ui/values.tsx'
import { identitiesQuery, providersQuery } from './queries.ts'

/** Accounts elsewhere that sign this person in. Nothing where no provider is set up and none is linked. */
export function IdentitiesSection() {
  const queries = useQueryClient()
  const { refused } = useSearch({ from: '/shell/profile' })
  const providers = useQuery(providersQuery)
  const identities = useQuery(identitiesQuery)
  const linked = identities.data ?? []
  const linkable = (providers.data ?? []).filter(
    ({ provider }) => !linked.some((identity) => identity.provider === provider),
  )
  if (linked.length === 0 && linkable.length === 0) return null

  const link = async (provider: LinkedIdentity['provider']) => {
    const { data } = await client.call(linkIdentity, { body: { provider } })
    location.assign(data.location)
  }
  const unlink = async ({ id, label }: LinkedIdentity) => {
    await client.call(unlinkIdentity, { params: { id } })
    await queries.invalidateQueries({ queryKey: identitiesQuery.queryKey })
    notify(`${label} is unlinked`)
  }
  return (
    <Section title="Linked accounts" description="Sign in with these instead of your password.">
      {refused && Object.hasOwn(problems, refused) && (
        <Notice tone="warn">{problems[refused as keyof typeof problems].sentence}</Notice>
      )}
      <ul className="flex flex-col gap-2">
        {linked.map((identity) => (
          <li key={identity.id} className="flex flex-wrap items-center gap-2 text-sm">
            <span className="font-medium">{identity.label}</span>
            <span className="text-ink-subtle">
              last used <RelativeTime at={identity.lastUsedAt} />
            </span>
            <Button
              size="small"
              className="ml-auto"
              aria-label={`Unlink ${identity.label}`}
              onClick={() => void unlink(identity).catch(notifyProblem)}
            >
              Unlink
            </Button>
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap gap-2">
        {linkable.map(({ provider, name }) => (
          <Button key={provider} onClick={() => void link(provider).catch(notifyProblem)}>
            Link {name}
          </Button>
        ))}
      </div>
    </Section>
  )
}

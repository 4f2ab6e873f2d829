import {
  deleteApiToken,
  deleteToken,
  rotateApiToken,
  type ServiceToken,
} from '@holdfast/contracts/identity/tokens'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { RefreshCw, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { client } from '../../lib/client.ts'
import { useMe } from '../../lib/session.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { ConfirmDanger } from '../../ui/confirm-danger.tsx'
import { Drawer } from '../../ui/drawer.tsx'
import { ProblemNotice } from '../../ui/problem-notice.tsx'
import { SecretOnce } from '../../ui/secret-once.tsx'
import { notify, notifyProblem } from '../../ui/toast.ts'
import { Nothing, RelativeTime } from '../../ui/values.tsx'
import { tokenQuery } from './queries.ts'

/** One token beside the list: what it may do, a new secret for it, and its end. */
export default function TokenPage() {
  const { tokenId } = useParams({ from: '/shell/tokens/$tokenId' })
  const navigate = useNavigate()
  const me = useMe()
  const { data: token, error, refetch } = useQuery(tokenQuery(tokenId))
  const close = () => void navigate({ to: '/tokens', search: (previous) => previous })
  if (!token) {
    return (
      <Drawer title="API token" onClose={close}>
        {error ? (
          <ProblemNotice problem={error} onRetry={() => void refetch()} />
        ) : (
          <div aria-busy className="h-40 animate-pulse rounded-md bg-sunken" />
        )}
      </Drawer>
    )
  }
  return <TokenDrawer key={token.id} token={token} isOwn={token.owner.id === me?.id} onClose={close} />
}

function TokenDrawer({
  token,
  isOwn,
  onClose,
}: {
  token: ServiceToken
  isOwn: boolean
  onClose: () => void
}) {
  const queries = useQueryClient()
  const [secret, setSecret] = useState<string>()
  const [removing, setRemoving] = useState(false)
  const params = { id: token.id }
  const rotate = async () => {
    const rotated = await client.call(rotateApiToken, { params, body: {} })
    setSecret(rotated.token)
    await queries.invalidateQueries({ queryKey: ['tokens'] })
  }
  const remove = async () => {
    await (isOwn ? client.call(deleteApiToken, { params }) : client.call(deleteToken, { params }))
    await queries.invalidateQueries({ queryKey: ['tokens', 'list'] })
    notify(`${token.name} was revoked`)
    onClose()
  }
  return (
    <Drawer
      title={token.name}
      onClose={onClose}
      footer={
        <>
          <Button kind="quiet" icon={Trash2} className="mr-auto" onClick={() => setRemoving(true)}>
            Revoke
          </Button>
          {isOwn && (
            <Button icon={RefreshCw} onClick={() => void rotate().catch(notifyProblem)}>
              Rotate secret
            </Button>
          )}
        </>
      }
    >
      {secret && (
        <SecretOnce
          label="New secret"
          secret={secret}
          fileName="holdfast-token.txt"
          hint="The old one works for another day."
        />
      )}
      <dl className="mt-3 grid grid-cols-[auto_1fr] gap-x-6 gap-y-2 text-sm">
        <dt className="text-ink-subtle">Begins with</dt>
        <dd className="font-mono text-xs">{token.prefix}</dd>
        <dt className="text-ink-subtle">Acts for</dt>
        <dd>{token.owner.username}</dd>
        <dt className="text-ink-subtle">Scopes</dt>
        <dd className="flex flex-wrap gap-1">
          {token.scopes.map((scope) => (
            <Badge key={scope}>{scope}</Badge>
          ))}
        </dd>
        <dt className="text-ink-subtle">Addresses</dt>
        <dd className="font-mono text-xs">{token.allowed_addresses.join(', ') || <Nothing text="Any" />}</dd>
        <dt className="text-ink-subtle">Last used</dt>
        <dd>
          <RelativeTime at={token.last_used_at} />
          {token.last_used_ip && ` from ${token.last_used_ip}`}
        </dd>
        <dt className="text-ink-subtle">Expires</dt>
        <dd>
          <RelativeTime at={token.expires_at} />
        </dd>
      </dl>
      <ConfirmDanger
        open={removing}
        onClose={() => setRemoving(false)}
        title={`Revoke ${token.name}?`}
        consequences={['Whatever uses it is refused within a second.', 'It cannot be brought back.']}
        action="Revoke token"
        onConfirm={remove}
      />
    </Drawer>
  )
}

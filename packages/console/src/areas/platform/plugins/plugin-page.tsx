import {
  checkPlugin,
  deletePlugin,
  disablePlugin,
  enablePlugin,
  type Plugin,
  rotatePluginToken,
} from '@holdfast/contracts/platform/plugins'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, Outlet, useNavigate, useParams } from '@tanstack/react-router'
import { HeartPulse, KeyRound, MoreHorizontal, Power, PowerOff, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { client } from '../../../lib/client.ts'
import { Badge } from '../../../ui/badge.tsx'
import { Button, buttonClass } from '../../../ui/button.tsx'
import { ConfirmDanger } from '../../../ui/confirm-danger.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { IconButton } from '../../../ui/icon-button.tsx'
import { Menu, MenuItem } from '../../../ui/menu.tsx'
import { Page } from '../../../ui/page.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { SecretOnce } from '../../../ui/secret-once.tsx'
import { notify, notifyProblem } from '../../../ui/toast.ts'
import { PluginFacts } from './plugin-facts.tsx'
import { pluginQuery, statusWords } from './queries.ts'

/** One plugin: how it is, what it does here, and what can be done about it. */
export default function PluginPage() {
  const { pluginId = '' } = useParams({ strict: false })
  const plugin = useQuery(pluginQuery(pluginId))
  if (plugin.error) return <ProblemNotice problem={plugin.error} onRetry={() => void plugin.refetch()} />
  if (!plugin.data) return <div aria-busy className="h-60 animate-pulse rounded-md bg-sunken" />
  return <Details plugin={plugin.data} />
}

function Details({ plugin }: { plugin: Plugin }) {
  const { id, name, status } = plugin
  const params = { id }
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [removing, setRemoving] = useState(false)
  const [rotating, setRotating] = useState(false)
  const [token, setToken] = useState<string>()

  const run = (work: () => Promise<unknown>, said: string) => {
    work()
      .then(() => queries.invalidateQueries({ queryKey: ['plugins'] }))
      .then(() => notify(said))
      .catch(notifyProblem)
  }
  const isOn = status !== 'inactive' && status !== 'registered'
  return (
    <Page
      title={name}
      description={plugin.description || undefined}
      badge={<Badge tone={statusWords[status].tone}>{statusWords[status].label}</Badge>}
      request={{ method: 'GET', path: `/api/plugins/${id}` }}
      action={
        <div className="flex items-center gap-2">
          <Menu trigger={<IconButton icon={MoreHorizontal} label="More" />}>
            <MenuItem
              icon={HeartPulse}
              onSelect={() => run(() => client.call(checkPlugin, { params }), 'Its health was checked')}
            >
              Check its health now
            </MenuItem>
            <MenuItem icon={KeyRound} onSelect={() => setRotating(true)}>
              Issue a new token
            </MenuItem>
            <MenuItem icon={Trash2} danger onSelect={() => setRemoving(true)}>
              Remove
            </MenuItem>
          </Menu>
          <Link to="/admin/plugins/$pluginId/edit" params={{ pluginId: id }} className={buttonClass()}>
            Change manifest
          </Link>
          {isOn ? (
            <Button
              icon={PowerOff}
              onClick={() => run(() => client.call(disablePlugin, { params }), `${name} is disabled`)}
            >
              Disable
            </Button>
          ) : (
            <Button
              kind="primary"
              icon={Power}
              onClick={() => run(() => client.call(enablePlugin, { params }), `${name} is enabled`)}
            >
              Enable
            </Button>
          )}
        </div>
      }
    >
      <PluginFacts plugin={plugin} />
      <Dialog
        open={token !== undefined}
        onClose={() => setToken(undefined)}
        title="The new token"
        size="medium"
      >
        {token !== undefined && (
          <SecretOnce label="Token of the plugin" secret={token} fileName={`${id}-token.txt`} />
        )}
      </Dialog>
      <ConfirmDanger
        open={rotating}
        onClose={() => setRotating(false)}
        title={`Issue a new token for ${name}?`}
        consequences={[
          'The token that it has now ends at once.',
          'The new one acts for you, within the scopes of the manifest.',
        ]}
        action="Issue token"
        onConfirm={async () => {
          setToken((await client.call(rotatePluginToken, { params, body: {} })).data.token)
          await queries.invalidateQueries({ queryKey: ['plugins'] })
        }}
      />
      <ConfirmDanger
        open={removing}
        onClose={() => setRemoving(false)}
        title={`Remove ${name}?`}
        consequences={[
          'Its token ends within a second.',
          `${plugin.events.length} subscriptions and ${plugin.hooks.length} hooks end with it.`,
          'Its configuration cannot be brought back.',
        ]}
        typeToConfirm={id}
        action="Remove plugin"
        onConfirm={async () => {
          await client.call(deletePlugin, { params })
          await queries.invalidateQueries({ queryKey: ['plugins', 'list'] })
          await navigate({ to: '/admin/plugins' })
        }}
      />
      <Outlet />
    </Page>
  )
}

import type { Plugin } from '@holdfast/contracts/platform/plugins'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Badge } from '../../../ui/badge.tsx'
import { buttonClass } from '../../../ui/button.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Section } from '../../../ui/page.tsx'
import { Nothing, RelativeTime } from '../../../ui/values.tsx'
import { healthWords, pluginConfigQuery } from './queries.ts'

/** Everything that is known about a plugin, by what it is about. */
export function PluginFacts({ plugin }: { plugin: Plugin }) {
  return (
    <>
      {plugin.status === 'registered' && (
        <div className="mb-4">
          <Notice title="Nothing was heard of it yet">
            Its first heartbeat makes it active. Until then it gets no events, and no hook asks it.
          </Notice>
        </div>
      )}
      <Health plugin={plugin} />
      <Rights plugin={plugin} />
      <Subscriptions plugin={plugin} />
      <Hooks plugin={plugin} />
      <Configuration id={plugin.id} version={plugin.config_version} />
    </>
  )
}

function Facts({ facts }: { facts: ReadonlyArray<readonly [string, ReactNode]> }) {
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-2 text-sm">
      {facts.map(([label, value]) => (
        <div key={label} className="contents">
          <dt className="text-ink-subtle">{label}</dt>
          <dd className="min-w-0 break-words">{value}</dd>
        </div>
      ))}
    </dl>
  )
}

const code = (text: string | null) =>
  text === null ? <Nothing /> : <span className="font-mono text-xs">{text}</span>
const badges = (names: readonly string[]) =>
  names.length === 0 ? (
    <Nothing />
  ) : (
    <span className="flex flex-wrap gap-1">
      {names.map((name) => (
        <Badge key={name}>{name}</Badge>
      ))}
    </span>
  )

function Health({ plugin }: { plugin: Plugin }) {
  const { tone, label } = healthWords[plugin.health]
  return (
    <Section title="Health" action={<Badge tone={tone}>{label}</Badge>}>
      {plugin.health_message !== null && <p className="mb-3 text-sm">{plugin.health_message}</p>}
      <Facts
        facts={[
          ['Last heartbeat', <RelativeTime key="beat" at={plugin.last_heartbeat_at} />],
          ['Expected every', `${plugin.heartbeat_seconds} seconds`],
          ['Health check', code(plugin.health_check)],
          ['Last checked', <RelativeTime key="check" at={plugin.checked_at} />],
          ['Version', plugin.version],
        ]}
      />
    </Section>
  )
}

function Rights({ plugin }: { plugin: Plugin }) {
  return (
    <Section
      title="Token"
      description="What the plugin may do with the API: what these scopes name, and no more."
    >
      <Facts
        facts={[
          ['Begins with', plugin.has_token ? code(plugin.token_prefix) : 'It has none. Issue a new one.'],
          ['Acts for', plugin.token_owner ?? <Nothing />],
          ['Scopes', badges(plugin.scopes)],
        ]}
      />
    </Section>
  )
}

function Subscriptions({ plugin }: { plugin: Plugin }) {
  return (
    <Section
      title="Events"
      description="Sent through the webhook engine, signed with the plugin's secret and tried again when it fails."
      action={
        plugin.webhook_id !== null && (
          <Link
            to="/admin/webhooks/$webhookId"
            params={{ webhookId: plugin.webhook_id }}
            className={buttonClass()}
          >
            Deliveries
          </Link>
        )
      }
    >
      <Facts
        facts={[
          ['Address', code(plugin.url)],
          ['Subscribed to', badges(plugin.events)],
        ]}
      />
    </Section>
  )
}

function Hooks({ plugin }: { plugin: Plugin }) {
  return (
    <Section title="Hooks" description="Before a change of records it is asked; afterwards it is told.">
      {plugin.hooks.length === 0 ? (
        <p className="text-sm text-ink-muted">It has none.</p>
      ) : (
        <ul className="flex flex-col gap-2 text-sm">
          {plugin.hooks.map((hook) => (
            <li key={JSON.stringify(hook)} className="flex flex-wrap items-center gap-2">
              <Badge tone="info">{hook.when === 'before' ? 'Before' : 'After'}</Badge>
              <span>{hook.operations.join(', ')}</span>
              <span className="font-mono text-xs">{hook.endpoint}</span>
              {hook.when === 'before' && (
                <span className="text-ink-muted">
                  within {hook.timeout_ms} ms;{' '}
                  {hook.on_failure === 'open'
                    ? 'when it fails, the request passes'
                    : 'when it fails, the request is refused'}
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}

function Configuration({ id, version }: { id: string; version: number }) {
  const config = useQuery(pluginConfigQuery(id))
  const entries = Object.entries(config.data ?? {})
  return (
    <Section
      title="Configuration"
      description={`Version ${version}. The plugin reads it with its token.`}
      action={
        <Link to="/admin/plugins/$pluginId/config" params={{ pluginId: id }} className={buttonClass()}>
          Change configuration
        </Link>
      }
    >
      {entries.length === 0 ? (
        <p className="text-sm text-ink-muted">It is not configured.</p>
      ) : (
        <Facts
          facts={entries.map(([key, value]) =>
            key.startsWith('has_') && value === true
              ? ([key.slice(4), 'A secret is stored'] as const)
              : ([key, code(JSON.stringify(value))] as const),
          )}
        />
      )}
    </Section>
  )
}

import type { DashboardStats } from '@holdfast/contracts/platform/dashboard'
import { Link } from '@tanstack/react-router'
import { plural } from '../../lib/format.ts'
import { Notice } from '../../ui/notice.tsx'

/** Automations that fail, and keys that nobody uses. Nothing is shown where nothing is wrong. */
export function Attention({ health }: { health: DashboardStats['automationHealth'] }) {
  const { cronErrors, webhookErrors, unusedApiKeys } = health
  return (
    <>
      {cronErrors.length > 0 && (
        <Notice tone="warn" title={`${plural(cronErrors.length, 'cron job')} failed at the last run`}>
          <ul>
            {cronErrors.map(({ id, name, message }) => (
              <li key={id} className="truncate">
                <Link to="/build/cron/$cronId" params={{ cronId: id }} className="font-medium underline">
                  {name}
                </Link>{' '}
                {message}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      {webhookErrors.length > 0 && (
        <Notice tone="warn" title={`${plural(webhookErrors.length, 'webhook')} could not be delivered`}>
          <ul>
            {webhookErrors.map(({ id, name, url }) => (
              <li key={id} className="truncate">
                <Link
                  to="/admin/webhooks/$webhookId"
                  params={{ webhookId: id }}
                  className="font-medium underline"
                >
                  {name}
                </Link>{' '}
                <span className="font-mono text-xs">{url}</span>
              </li>
            ))}
          </ul>
        </Notice>
      )}
      {unusedApiKeys.length > 0 && (
        <Notice
          title={`${plural(unusedApiKeys.length, 'API key')} not used for thirty days: delete what is not needed`}
        >
          <ul>
            {unusedApiKeys.map(({ id, name, keyPrefix }) => (
              <li key={id} className="truncate">
                {name} <span className="font-mono text-xs">{keyPrefix}…</span>
              </li>
            ))}
          </ul>
        </Notice>
      )}
    </>
  )
}

import { eventTypes } from '@holdfast/contracts/events'
import { allRoutes } from '@holdfast/contracts/routes'
import { expect, it } from 'vitest'
import { codeOf, sources } from './sources.ts'

/** What is audited and is no event of its own, with what tells it instead, or why nothing does. */
const withoutEvent: Readonly<Record<string, string>> = {
  'audit.sealed': 'Upkeep of the audit log itself; nothing that it says has changed.',
  'backup.requested': 'backup.created or backup.failed tells how it ended.',
  'backup.restore_requested': 'backup.restored tells that it was done.',
  'config.rolled_back': 'config.updated names the keys.',
  'cron.run_requested': 'cron.succeeded or cron.failed tells how it ended.',
  'database.collection_cleared': 'The things are told: record.deleted, activity.cleared and so on.',
  'database.document_created': 'The thing is told: record.created, user.created and so on.',
  'database.document_deleted': 'The thing is told: record.deleted, user.deleted and so on.',
  'database.document_updated': 'The thing is told: record.updated, user.updated and so on.',
  'endpoint.restored': 'endpoint.updated tells it.',
  'gateway.openapi_imported': 'gateway.applied tells it.',
  'mfa.challenged': 'A step of signing in; session.created follows.',
  'mfa.enrollment_started': 'Nothing holds before mfa.enabled.',
  'mfa.reset': 'mfa.disabled tells it.',
  'operation.cancelled': 'operation.finished tells when it has ended.',
  'password.changed': 'user.password_changed tells it.',
  'password.reset': 'user.password_changed tells it.',
  'password.reset_link_created': 'Nothing has changed before the link is used.',
  'password.reset_requested': 'Anybody may ask; nothing has changed.',
  'password.set_by_admin': 'user.password_changed tells it.',
  'plugin.configured': 'plugin.updated tells it.',
  'profile.updated': 'user.updated tells it.',
  'records.imported': 'operation.finished tells that it was done, record.created names the records.',
  'secrets.rewrapped': 'Secrets are sealed under another master key; their values are what they were.',
  'setup.completed': 'installation.initialised tells it.',
  'setup.step_saved': 'Nobody can ask for anything before an installation is set up.',
  'user.registered': 'user.created tells it.',
  'user.roles_changed': 'user.updated tells it.',
  'user.suspended': 'user.updated tells it.',
  'user.unsuspended': 'user.updated tells it.',
  'webhook.enabled': 'webhook.updated tells it.',
  'webhook.failed_redelivered': 'Old events are sent again; told itself, it would be another one to send.',
  'webhook.redelivered': 'An old event is sent again; told itself, it would be another one to send.',
  'webhook.secret_rotated': 'webhook.updated tells it.',
  'webhook.tested': 'Only the webhook under test is to hear of it.',
}

/** Those of routes, and those that the product names itself. */
function auditActions(): Set<string> {
  const actions = new Set<string>()
  for (const { audit } of allRoutes as readonly { audit?: unknown }[])
    if (typeof audit === 'string') actions.add(audit)
  for (const { text } of sources('packages/server/src/**/*.ts'))
    for (const [, action] of codeOf(text).matchAll(/\baction: '([a-z_]+\.[a-z_]+)'/g))
      if (action !== undefined) actions.add(action)
  return actions
}

it('whatever is audited can be heard by a webhook, or the list says why not', () => {
  const events = new Set<string>(eventTypes)
  const actions = auditActions()
  expect(actions.size).toBeGreaterThan(80)
  const unheard = [...actions].filter((action) => !events.has(action) && !(action in withoutEvent))
  expect(unheard).toEqual([])
  const superfluous = Object.keys(withoutEvent).filter((name) => events.has(name) || !actions.has(name))
  expect(superfluous).toEqual([])
})

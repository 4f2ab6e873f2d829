import type { ActivityAction } from '@holdfast/contracts/platform/activity'
import type { Database } from '@holdfast/database/database'
import type { Tables } from '../../../tables.ts'
import type { AuditLog, NewAuditEntry } from '../audit/service.ts'
import type { Activity } from './service.ts'

/**
 * What the activity log says of changes to users and endpoints, and of signing out: each has an audit entry already, in
 * whichever way it came about, so that the row follows from the entry once its transaction has committed. Signing in is
 * recorded where it happens, because refusals are too.
 */
interface ShownChange {
  action: ActivityAction
  /** From the target and the details of the entry. */
  message(name: string): string
}

const shownChanges: Readonly<Record<string, ShownChange>> = {
  'session.ended': { action: 'logout', message: (name) => `${name} signed out` },
  'user.registered': { action: 'register', message: (name) => `${name} registered` },
  'user.created': { action: 'user_create', message: (name) => `The user ${name} was created` },
  'user.updated': { action: 'user_update', message: (name) => `The user ${name} was changed` },
  'user.roles_changed': { action: 'user_update', message: (name) => `The groups of ${name} were changed` },
  'user.suspended': { action: 'user_update', message: (name) => `The user ${name} was suspended` },
  'user.unsuspended': { action: 'user_update', message: (name) => `The user ${name} is active again` },
  'profile.updated': { action: 'user_update', message: (name) => `${name} changed their profile` },
  'password.set_by_admin': { action: 'user_update', message: (name) => `${name} was given a new password` },
  'user.deleted': { action: 'user_delete', message: (name) => `The user ${name} was deleted` },
  'endpoint.created': { action: 'endpoint_create', message: (name) => `The endpoint ${name} was created` },
  'endpoint.updated': { action: 'endpoint_update', message: (name) => `The endpoint ${name} was changed` },
  'endpoint.restored': {
    action: 'endpoint_update',
    message: (name) => `An earlier schema of the endpoint ${name} was restored`,
  },
  'endpoint.deleted': { action: 'endpoint_delete', message: (name) => `The endpoint ${name} was deleted` },
}

interface Needs {
  audit: AuditLog
  database: Pick<Database<Tables>, 'afterCommit'>
  activity: Pick<Activity, 'recordFor'>
}

/** The audit log, whose entries of these kinds show in the activity log as well. */
export function showingChanges({ audit, database, activity }: Needs): AuditLog {
  return {
    async append(ctx, entry) {
      await audit.append(ctx, entry)
      const shown = shownChanges[entry.action ?? ctx.audit.action ?? '']
      if (shown === undefined) return
      const actorName = ctx.actor.kind === 'user' ? ctx.actor.login : null
      const { type, id } = entry.target
      await database.afterCommit(ctx, () =>
        activity.recordFor(ctx, {
          action: shown.action,
          message: shown.message(nameIn(entry) ?? actorName ?? id ?? type),
          ...(type === 'endpoint' && { endpointId: id }),
          details: { target: { type, id }, ...entry.details },
        }),
      )
    },
  }
}

/** `GET /api/products`, or what the user is called. */
function nameIn({ details = {} }: NewAuditEntry): string | null {
  const { method, path, login } = details
  if (typeof method === 'string' && typeof path === 'string') return `${method} ${path}`
  return typeof login === 'string' ? login : null
}

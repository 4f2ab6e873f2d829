/**
 * Everything that the product says has happened, with the sentence that the console shows: the one list of event types.
 * What appends an event, consumes one or subscribes a webhook to one names an entry; the compiler and the start hold it
 * to that.
 */
export const eventCatalogue = {
  'activity.cleared': 'The activity log was cleared.',
  'activity.expired': 'Old days of the activity log were removed by hand.',
  'audit.verification_failed': 'The nightly verification found that the audit trail was changed.',
  'backup.created': 'A backup was made and verified.',
  'backup.failed': 'A backup could not be made.',
  'backup.deleted': 'A backup was deleted.',
  'backup.restored': 'The database was replaced by a backup.',
  'cron.created': 'A cron job was created.',
  'cron.updated': 'A cron job was changed.',
  'cron.deleted': 'A cron job was deleted.',
  'cron.succeeded': 'A cron job ran and succeeded.',
  'cron.failed': 'A cron job ran and failed.',
  'config.updated': 'Keys of the configuration were changed.',
  'database.sql_access_opened': 'Records may be read with SQL.',
  'database.sql_access_closed': 'Records may not be read with SQL any more.',
  'endpoint.created': 'An endpoint was created.',
  'endpoint.updated': 'An endpoint, its fields or who may call it were changed.',
  'endpoint.deleted': 'An endpoint was deleted.',
  'endpoint_group.created': 'A group of endpoints was created.',
  'endpoint_group.updated': 'A group of endpoints was changed.',
  'endpoint_group.deleted': 'A group of endpoints was deleted.',
  'gateway.applied': 'A whole gateway configuration was applied from a document.',
  'gateway.endpoint_published': 'An endpoint was published through a gateway.',
  'gateway.endpoint_unpublished': 'An endpoint is no longer published through a gateway.',
  'gateway.consumer_created': 'A consumer of a gateway was created.',
  'gateway.consumer_updated': 'A consumer of a gateway was changed.',
  'gateway.consumer_revoked': 'A consumer of a gateway was revoked.',
  'gateway.error_reopened': 'An error of a gateway was marked as open again.',
  'gateway.error_resolved': 'An error of a gateway was marked as resolved.',
  'gateway.key_created': 'A key for a gateway was created.',
  'gateway.key_rotated': 'A key for a gateway was replaced.',
  'gateway.key_revoked': 'A key for a gateway was revoked.',
  'gateway.route_created': 'A route of a gateway was created.',
  'gateway.route_updated': 'A route of a gateway was changed.',
  'gateway.route_deleted': 'A route of a gateway was deleted.',
  'gateway.service_created': 'A service behind a gateway was created.',
  'gateway.service_updated': 'A service behind a gateway was changed.',
  'gateway.service_deleted': 'A service behind a gateway was deleted.',
  'gateway.settings_updated': 'The settings of a gateway were changed.',
  'group.created': 'A group of users was created.',
  'group.updated': 'A group of users or its permissions were changed.',
  'group.deleted': 'A group of users was deleted.',
  'identity.linked': 'A sign-in elsewhere was linked to an account.',
  'identity.unlinked': 'A sign-in elsewhere was taken off an account.',
  'installation.initialised': 'The installation was set up.',
  'mfa.enabled': 'Somebody turned the second factor on.',
  'mfa.disabled': 'Somebody turned the second factor off, or an administrator reset it.',
  'mfa.recovery_codes_renewed': 'Somebody made new recovery codes.',
  'operation.finished': 'A long operation succeeded, failed or was cancelled.',
  'organization.created': 'An organization was created.',
  'secret.saved': 'A secret of automations was saved.',
  'secret.deleted': 'A secret of automations was deleted.',
  'plugin.registered': 'A plugin was registered.',
  'plugin.updated': 'The manifest or the configuration of a plugin was changed.',
  'plugin.enabled': 'A plugin was enabled.',
  'plugin.disabled': 'A plugin was disabled.',
  'plugin.deleted': 'A plugin was removed.',
  'plugin.token_issued': 'A plugin has a new token.',
  'plugin.health_changed': 'A plugin became healthy, or stopped being so.',
  'project.imported': 'A project was imported from a file.',
  'session.created': 'Somebody signed in.',
  'session.ended': 'A session ended.',
  'settings.updated': 'Settings were changed.',
  'token.created': 'An API token was created.',
  'token.rotated': 'An API token was replaced.',
  'token.revoked': 'An API token was revoked.',
  'user.created': 'A user was created.',
  'user.updated': 'A user was changed.',
  'user.deleted': 'A user was deleted.',
  'user.password_changed': 'A user has a new password.',
  'webhook.created': 'A webhook was created.',
  'webhook.updated': 'A webhook was changed.',
  'webhook.deleted': 'A webhook was deleted.',
  'webhook.disabled': 'A webhook was disabled because its address failed for days or asked for it.',
} as const

export type EventType = keyof typeof eventCatalogue
export const eventTypes = Object.keys(eventCatalogue) as [EventType, ...EventType[]]

/** Calls of endpoints. They are gathered for about a second; the last second is lost with the process. */
const callEventCatalogue = {
  'endpoint.called': 'An endpoint was called. Many calls at once come as one, with their number in `calls`.',
  'api.error': 'A call of an endpoint was answered with an error (400 or above).',
} as const

/**
 * Changes of records, whoever makes them: calls, imports, code, cron jobs, the explorer, the end of their retention. What
 * is written together is told together. They are read from the log of changes, so that none is lost.
 */
const recordEventCatalogue = {
  'record.created':
    'Records were created. Those of one write come together: `ids` names all, `records` shows them as they are now.',
  'record.updated':
    'Records were changed. Those of one write come together: `ids` names all, `records` shows them as they are now.',
  'record.deleted':
    'Records were deleted, or their time was over. Those of one write come together in `ids`.',
} as const

export type CallEventType = keyof typeof callEventCatalogue
export type RecordEventType = keyof typeof recordEventCatalogue
export const recordEventTypes = Object.keys(recordEventCatalogue) as [RecordEventType, ...RecordEventType[]]

/** What happens far more often than anything is changed. It is told only to a webhook that asks for it by name. */
export const frequentEventCatalogue = { ...callEventCatalogue, ...recordEventCatalogue }

type FrequentEventType = CallEventType | RecordEventType
export const frequentEventTypes = Object.keys(frequentEventCatalogue) as [
  FrequentEventType,
  ...FrequentEventType[],
]

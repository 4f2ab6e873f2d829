/** The words of this area; one place to translate. */

export const actionWords: Record<string, string> = {
  login: 'Sign-in',
  login_failed: 'Sign-in refused',
  logout: 'Sign-out',
  register: 'Registration',
  error: 'Error',
  access_denied: 'Change refused',
  api_call: 'API call',
  api_key_used: 'API key used',
  endpoint_create: 'Endpoint created',
  endpoint_update: 'Endpoint changed',
  endpoint_delete: 'Endpoint deleted',
  user_create: 'User created',
  user_update: 'User changed',
  user_delete: 'User deleted',
  webhook_dispatch: 'Webhook',
  cron_run: 'Scheduled run',
  mcp_call: 'MCP call',
  database_create: 'Document created',
  database_update: 'Document changed',
  database_delete: 'Document deleted',
  logs_clear: 'Log cleared',
}

export const actionOptions = Object.entries(actionWords).map(([value, label]) => ({ value, label }))

/** The ways that traffic comes in. */
export const sourceWords = {
  direct: 'Direct',
  api_key: 'API key',
  mcp: 'MCP',
  cron: 'Cron',
  system: 'The product',
} as const
export const sourceOptions = Object.entries(sourceWords).map(([value, label]) => ({ value, label }))

export const activityStatusOptions = [
  { value: 'ok', label: 'Went well' },
  { value: 'failed', label: 'Failed' },
]

/** Spans to look back over, in hours. */
export const spanOptions = [
  { value: '1', label: 'Last hour' },
  { value: '24', label: 'Last 24 hours' },
  { value: '168', label: 'Last 7 days' },
]

/** The states of an operation. */
export const operationWords = {
  queued: 'Waiting',
  running: 'Running',
  succeeded: 'Done',
  failed: 'Failed',
  cancelled: 'Canceled',
} as const

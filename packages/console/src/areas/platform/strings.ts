/** The words of this area; one place to translate. */

export const actionWords: Record<string, string> = {
  login: 'Sign-in',
  logout: 'Sign-out',
  register: 'Registration',
  error: 'Error',
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
}

export const actionOptions = Object.entries(actionWords).map(([value, label]) => ({ value, label }))

/** The states of an operation. */
export const operationWords = {
  queued: 'Waiting',
  running: 'Running',
  succeeded: 'Done',
  failed: 'Failed',
  cancelled: 'Canceled',
} as const

export const resultOptions = [
  { value: 'success', label: 'Done' },
  { value: 'failure', label: 'Refused' },
] as const

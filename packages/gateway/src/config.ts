import { homedir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ConfigError, integer, oneOf, parseConfig, type Setting, text, url } from '@holdfast/kernel/config'

const whenGiven = <T>(setting: Setting<T>): Setting<T | undefined> => ({
  describe: setting.describe,
  parse: (value) => (value === undefined ? undefined : setting.parse(value)),
})
const port = (describe: string, fallback: number) => integer(describe, { min: 0, max: 65_535, fallback })

/** Every setting the gateway reads. Each has an option of the command line, which wins. */
export const gatewaySettings = {
  HOLDFAST_GATEWAY_SERVER: url('Address of the control plane, such as https://holdfast.example.com.', [
    'http',
    'https',
  ]),
  HOLDFAST_GATEWAY_KEY: text('The gateway key (hfg_…) that the console showed once.', undefined),
  HOLDFAST_GATEWAY_HOST: text('Address that clients reach.', '0.0.0.0'),
  HOLDFAST_GATEWAY_PORT: port('Port that clients reach.', 8080),
  HOLDFAST_GATEWAY_ADMIN_HOST: text('Address of /health, /ready and /metrics.', '127.0.0.1'),
  HOLDFAST_GATEWAY_ADMIN_PORT: {
    describe: 'Port of /health, /ready and /metrics; "off" opens none. Without it 9180, when that is free.',
    parse: (value: string | undefined) =>
      value === 'off' ? ('off' as const) : whenGiven(port('', 0)).parse(value),
  },
  HOLDFAST_GATEWAY_THREADS: whenGiven(
    integer('Threads that serve. Without it, one for each core.', { min: 1, max: 256, fallback: 1 }),
  ),
  HOLDFAST_GATEWAY_PUBLIC_METRICS: oneOf('Whether clients may read /metrics too.', ['no', 'yes'], 'no'),
  HOLDFAST_TRUSTED_PROXIES: integer(
    'How many reverse proxies stand in front; that many X-Forwarded-For entries are believed.',
    { min: 0, max: 10, fallback: 0 },
  ),
  HOLDFAST_DATA: text('Directory of what survives a restart.', undefined),
  XDG_DATA_HOME: text('Base of the data directory of an ordinary user.', undefined),
  HOLDFAST_LOG_LEVEL: oneOf('How much is logged.', ['debug', 'info', 'warn', 'error', 'silent'], 'info'),
} as const

const options = {
  server: 'HOLDFAST_GATEWAY_SERVER',
  key: 'HOLDFAST_GATEWAY_KEY',
  host: 'HOLDFAST_GATEWAY_HOST',
  port: 'HOLDFAST_GATEWAY_PORT',
  'admin-host': 'HOLDFAST_GATEWAY_ADMIN_HOST',
  'admin-port': 'HOLDFAST_GATEWAY_ADMIN_PORT',
  threads: 'HOLDFAST_GATEWAY_THREADS',
  'public-metrics': 'HOLDFAST_GATEWAY_PUBLIC_METRICS',
  'trusted-proxies': 'HOLDFAST_TRUSTED_PROXIES',
  data: 'HOLDFAST_DATA',
  'log-level': 'HOLDFAST_LOG_LEVEL',
} as const

export const usage = `Usage: holdfast gateway --server URL --key KEY [--port N] [--admin-port N|off] [--threads N]
       holdfast gateway apply FILE

${Object.entries(options)
  .map(([name, setting]) => `  --${name.padEnd(17)}${gatewaySettings[setting].describe} (${setting})`)
  .join('\n')}
`

export interface GatewayConfig {
  serverUrl: URL
  apiKey: string
  host: string
  port: number
  adminHost: string
  /** Undefined: the usual one, when it is free. */
  adminPort: number | 'off' | undefined
  threads: number | undefined
  publicMetrics: boolean
  trustedProxies: number
  dataDirectory: string
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent'
}

/** Reads options and environment. Throws ConfigError with all mistakes at once. */
export function readGatewayConfig(
  args: readonly string[],
  environment: Record<string, string | undefined>,
): GatewayConfig {
  const values = parseConfig(gatewaySettings, { ...environment, ...fromOptions(args) })
  const mistakes: string[] = []
  if (values.HOLDFAST_GATEWAY_SERVER === undefined) {
    mistakes.push('--server is missing: the address of the control plane, such as http://localhost:3000.')
  }
  if (values.HOLDFAST_GATEWAY_KEY === undefined) {
    mistakes.push('--key is missing: the gateway key (hfg_…) that the console shows once, under Gateways.')
  }
  if (values.HOLDFAST_GATEWAY_SERVER === undefined || values.HOLDFAST_GATEWAY_KEY === undefined)
    throw new ConfigError(mistakes)
  return {
    serverUrl: values.HOLDFAST_GATEWAY_SERVER,
    apiKey: values.HOLDFAST_GATEWAY_KEY,
    host: values.HOLDFAST_GATEWAY_HOST,
    port: values.HOLDFAST_GATEWAY_PORT,
    adminHost: values.HOLDFAST_GATEWAY_ADMIN_HOST,
    adminPort: values.HOLDFAST_GATEWAY_ADMIN_PORT,
    threads: values.HOLDFAST_GATEWAY_THREADS,
    publicMetrics: values.HOLDFAST_GATEWAY_PUBLIC_METRICS === 'yes',
    trustedProxies: values.HOLDFAST_TRUSTED_PROXIES,
    dataDirectory: values.HOLDFAST_DATA ?? usualDataDirectory(values.XDG_DATA_HOME),
    logLevel: values.HOLDFAST_LOG_LEVEL,
  }
}

function fromOptions(args: readonly string[]): Record<string, string> {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: Object.fromEntries(Object.keys(options).map((name) => [name, { type: 'string' as const }])),
    })
    return Object.fromEntries(
      Object.entries(options).flatMap(([name, setting]) => {
        const value = values[name]
        return typeof value === 'string' ? [[setting, value]] : []
      }),
    )
  } catch (error) {
    throw new ConfigError([error instanceof Error ? error.message : String(error)])
  }
}

function usualDataDirectory(base: string | undefined): string {
  return process.getuid?.() === 0
    ? '/var/lib/holdfast'
    : join(base ?? join(homedir(), '.local/share'), 'holdfast')
}

import {
  type ConfigRule,
  integer,
  list,
  oneOf,
  parseConfig,
  text,
  url,
  type Values,
} from '@holdfast/kernel/config'
import { parseMasterKey } from '@holdfast/kernel/crypto/master-key'
import { parseSigningSeed } from '@holdfast/kernel/crypto/signing'
import { parseShippingTargets } from './areas/platform/audit/shipping/targets.ts'
import { parseOverrides } from './areas/platform/settings/overrides.ts'
import { parseTraceHeaders, parseTraceShare } from './tracing/settings.ts'

/** Every setting the server reads from its environment. `docs/guide/configure.md` is generated from this table. */
export const serverSettings = {
  PORT: integer('TCP port of the server: API and console.', { min: 0, max: 65_535, fallback: 3000 }),
  HOST: text(
    'Address to listen on. 127.0.0.1 can be reached from this machine only; 0.0.0.0 from everywhere.',
    '127.0.0.1',
  ),
  DATABASE_URL: url('PostgreSQL 15 or newer. Without it, a private server is started.', [
    'postgres',
    'postgresql',
  ]),
  HOLDFAST_DATA: text('Directory for the private database, the master key and uploads.', undefined),
  HOLDFAST_MASTER_KEY: {
    describe:
      'Base64 of 32 random bytes; several separated by commas, the first one seals. Without it, a key file in the data directory.',
    parse(value: string | undefined) {
      value?.split(',').forEach((part) => parseMasterKey(part.trim()))
      return value
    },
  },
  HOLDFAST_AUDIT_KEY: {
    describe:
      'Base64 of 32 random bytes that sign audit checkpoints; the same on every server. Without it, a key file in the data directory.',
    parse(value: string | undefined) {
      if (value !== undefined) parseSigningSeed(value)
      return value
    },
  },
  HOLDFAST_AUDIT_SHIP: {
    describe:
      'Where audit checkpoints and sealed segments are copied: directories (file:///mnt/audit), addresses (https://…) or s3, separated by commas.',
    parse: parseShippingTargets,
  },
  HOLDFAST_S3_URL: url(
    'The bucket for backups and audit copies, such as https://s3.example.com/bucket/prefix (path style).',
    ['http', 'https'],
  ),
  HOLDFAST_S3_REGION: text('Region of that bucket.', 'us-east-1'),
  HOLDFAST_S3_ACCESS_KEY_ID: text('Access key of that bucket.', undefined),
  HOLDFAST_S3_SECRET_ACCESS_KEY: text('Secret of that access key.', undefined),
  HOLDFAST_ADMIN_LOGIN: text(
    'Creates this administrator on the first start instead of the wizard.',
    undefined,
  ),
  HOLDFAST_ADMIN_PASSWORD: text('The password of HOLDFAST_ADMIN_LOGIN. At least 8 characters.', undefined),
  HOLDFAST_PUBLIC_URL: url('The address people use, when a reverse proxy stands in front.', [
    'http',
    'https',
  ]),
  HOLDFAST_TRUSTED_PROXIES: integer(
    'How many reverse proxies stand in front; that many X-Forwarded-For entries are believed.',
    { min: 0, max: 10, fallback: 0 },
  ),
  HOLDFAST_GATEWAY_PORT: integer(
    'Port of the gateway that runs beside the server for the first organization; 0 runs none. A taken port is a warning.',
    { min: 0, max: 65_535, fallback: 8080 },
  ),
  HOLDFAST_SETTINGS: {
    describe:
      'Settings as JSON, such as {"enableRegistration":false}. They hold whatever is saved, and cannot be changed in the console.',
    parse: parseOverrides,
  },
  HOLDFAST_OUTBOUND_ALLOW: list(
    'Hosts and address ranges that outgoing calls may reach although they are private.',
  ),
  HOLDFAST_SMTP_URL: url('Where e-mail is handed over, such as smtp://user:password@mail.example.com:587.', [
    'smtp',
    'smtps',
  ]),
  HOLDFAST_MAIL_FROM: text('Sender of e-mail.', 'Holdfast <holdfast@localhost>'),
  GITHUB_CLIENT_ID: text('Lets people sign in with GitHub: the client ID of an OAuth app.', undefined),
  GITHUB_CLIENT_SECRET: text('The client secret of that app.', undefined),
  HOLDFAST_GITHUB_URL: url('A GitHub Enterprise server to use instead of github.com.', ['http', 'https']),
  HOLDFAST_OIDC_ISSUER: url('Lets people sign in through this OpenID Connect provider.', ['http', 'https']),
  HOLDFAST_OIDC_CLIENT_ID: text('The client ID at that provider.', undefined),
  HOLDFAST_OIDC_CLIENT_SECRET: text('The client secret; without it, a public client.', undefined),
  HOLDFAST_OIDC_NAME: text('What the sign-in page calls that provider.', 'single sign-on'),
  OTEL_EXPORTER_OTLP_ENDPOINT: url(
    'Where OpenTelemetry traces are sent, by OTLP over HTTP, such as http://collector:4318. Without it there are none.',
    ['http', 'https'],
  ),
  OTEL_EXPORTER_OTLP_HEADERS: {
    describe: 'Headers sent along with traces: name=value pairs, separated by commas, percent-encoded.',
    parse: parseTraceHeaders,
  },
  OTEL_SERVICE_NAME: text('What traces call this server.', 'holdfast'),
  OTEL_TRACES_SAMPLER_ARG: {
    describe:
      'The share of traces that are kept, from 0 to 1; the default is 1. A trace that comes with a request is kept as its sender says.',
    parse: parseTraceShare,
  },
  PATH: text('Where PostgreSQL is looked for, after the usual places.', undefined),
  HOME: text('Home directory; the data directory of an ordinary user is below it.', undefined),
  XDG_DATA_HOME: text('Base of the data directory of an ordinary user.', undefined),
  NODE_ENV: text('What the dashboard names the environment of this server.', 'production'),
  HOLDFAST_LOG_LEVEL: oneOf('How much is logged.', ['debug', 'info', 'warn', 'error', 'silent'], 'info'),
} as const

export type Config = Values<typeof serverSettings>

const adminPasswordLengthMin = 8

/** The two that make the first administrator belong together. */
const rules: readonly ConfigRule<typeof serverSettings>[] = [
  ({ HOLDFAST_ADMIN_LOGIN: login, HOLDFAST_ADMIN_PASSWORD: password }) =>
    (login === undefined) === (password === undefined)
      ? null
      : 'HOLDFAST_ADMIN_LOGIN and HOLDFAST_ADMIN_PASSWORD are set together, or not at all.',
  ({ HOLDFAST_ADMIN_PASSWORD: password }) =>
    password === undefined || password.length >= adminPasswordLengthMin
      ? null
      : `HOLDFAST_ADMIN_PASSWORD must have at least ${adminPasswordLengthMin} characters.`,
]

/** The only reader of `process.env` in the server. Throws `ConfigError` with all mistakes at once. */
export function readConfig(environment: Record<string, string | undefined> = process.env): Config {
  return parseConfig(serverSettings, environment, rules)
}

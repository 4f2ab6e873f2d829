import { readFile } from 'node:fs/promises'
import { applyDocument, type Difference } from '@holdfast/contracts/gateway/apply'
import { me } from '@holdfast/contracts/identity/auth'
import { type Client, createClient } from '@holdfast/contracts/kit/client'
import { Problem } from '@holdfast/contracts/kit/problem'
import { load } from 'js-yaml'

export interface ApplyFileOptions {
  file: string
  server: string
  /** A bearer token of somebody who administers the tenant. */
  token: string
  /** Default: the organization of whoever the token belongs to. */
  tenant?: string | undefined
  /** Without it the differences are shown and nothing is changed. */
  yes: boolean
}

/** What `apply` says and how it ended: 0 done or nothing to do, 1 refused, 2 there are differences and nobody said yes. */
export interface ApplyFileOutcome {
  text: string
  exitCode: 0 | 1 | 2
}

/** Makes a tenant's gateway configuration what a JSON or YAML file says, the differences first. */
export async function applyFile(options: ApplyFileOptions): Promise<ApplyFileOutcome> {
  try {
    const document = parseDocument(await readFile(options.file, 'utf8'))
    const client = createClient({
      baseUrl: options.server.replace(/\/+$/, ''),
      headers: () => ({ authorization: `Bearer ${options.token}` }),
    })
    const tenantId = options.tenant ?? (await ownTenant(client))
    return await applyTo(client, tenantId, document, options.yes)
  } catch (error) {
    return { text: reasonOf(error), exitCode: 1 }
  }
}

async function applyTo(
  client: Client,
  tenantId: string,
  document: object,
  yes: boolean,
): Promise<ApplyFileOutcome> {
  const call = (dryRun: 'true' | 'false') =>
    client.call(applyDocument, { params: { tenantId }, query: { dryRun }, body: document })
  const { differences, revision } = await call('true')
  if (differences.length === 0)
    return { text: `Nothing to do: revision ${revision} is the same.\n`, exitCode: 0 }
  const listed = differences.map(lineOf).join('')
  if (!yes) return { text: `${listed}\nNothing was changed. Add --yes to apply.\n`, exitCode: 2 }
  const applied = await call('false')
  const keys = applied.consumers.map(({ name, apiKey }) => `  ${name}: ${apiKey}\n`).join('')
  const shown = keys === '' ? '' : `\nKeys of new consumers, shown this once:\n${keys}`
  return { text: `${listed}\nApplied as revision ${applied.revision}.\n${shown}`, exitCode: 0 }
}

const signs = { create: '+', update: '~', delete: '-' } as const

function lineOf({ action, kind, name, fields }: Difference): string {
  const what = fields.length === 0 ? '' : ` (${fields.join(', ')})`
  return `${signs[action]} ${kind} ${name}${what}\n`
}

/** YAML takes in JSON. */
function parseDocument(text: string): object {
  const document: unknown = load(text)
  if (typeof document !== 'object' || document === null || Array.isArray(document))
    throw new Error('The file holds no document: it must have services, routes, consumers or settings.')
  return document
}

async function ownTenant(client: Client): Promise<string> {
  const { data } = await client.call(me)
  return data.tenantId
}

function reasonOf(error: unknown): string {
  if (error instanceof Problem) {
    const details = error.details.map(({ path, message }) => `  ${path}: ${message}\n`).join('')
    return `${error.message}\n${details}`
  }
  return `${error instanceof Error ? error.message : String(error)}\n`
}

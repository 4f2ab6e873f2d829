import { openAsBlob } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import {
  exportProject,
  importProject,
  type importModes,
  type ProjectDifference,
  type ProjectImported,
} from '@holdfast/contracts/builder/project'
import { type Client, createClient } from '@holdfast/contracts/kit/client'
import { Problem } from '@holdfast/contracts/kit/problem'
import { dump, load } from 'js-yaml'

export interface ServerOptions {
  server: string
  /** A bearer token or an API token of somebody with the permission `manage_api`. */
  token: string
}

export interface ApplyProjectOptions extends ServerOptions {
  file: string
  /** Deletes what a list of the file does not name. */
  replace: boolean
  /** Goes on although records lose values or are deleted. */
  confirm: boolean
  /** Without it the differences are shown and nothing is changed. */
  yes: boolean
}

export interface ExportProjectOptions extends ServerOptions {
  /** Default: what is exported is printed. The ending says the format: `.yaml`, `.yml`, `.json` or `.ndjson`. */
  file?: string | undefined
  data: boolean
  settings: boolean
}

/** What a command says and how it ended: 0 done or nothing to do, 1 refused, 2 there are differences and nobody said yes. */
export interface CommandOutcome {
  text: string
  exitCode: 0 | 1 | 2
}

/** Makes what is defined on a server what a bundle in a JSON, YAML or NDJSON file says, the differences first. */
export async function applyProject(options: ApplyProjectOptions): Promise<CommandOutcome> {
  return orReason(async () => {
    const bundle = await bundleIn(options.file)
    const mode: (typeof importModes)[number] = options.replace ? 'replace' : 'merge'
    const send = (dryRun: 'true' | 'false', confirm: boolean) =>
      sendBundle(options, bundle, { mode, dryRun, confirm: confirm ? 'true' : 'false' })
    const found = await send('true', false)
    if (isNothing(found)) return { text: 'Nothing to do: it is all there.\n', exitCode: 0 }
    const listed = listingOf(found)
    if (!options.yes) return { text: `${listed}\nNothing was changed. Add --yes to apply.\n`, exitCode: 2 }
    const done = await send('false', options.confirm)
    const notes = done.notes.map((note) => `${note}\n`).join('')
    return { text: `${listed}\nApplied.\n${notes}`, exitCode: 0 }
  })
}

/** Writes what is defined on a server as a bundle. */
export async function exportToFile(options: ExportProjectOptions): Promise<CommandOutcome> {
  return orReason(async () => {
    const { file, data, settings } = options
    const answer = await clientOf(options).call(exportProject, {
      query: {
        includeData: data ? 'true' : 'false',
        includeSettings: settings ? 'true' : 'false',
        format: file?.endsWith('.ndjson') === true ? 'ndjson' : 'json',
      },
    })
    const exported = await answer.text()
    const text = isYaml(file) ? dump(JSON.parse(exported), { lineWidth: 120, noRefs: true }) : exported
    if (file === undefined) return { text, exitCode: 0 }
    await writeFile(file, text)
    return { text: `Wrote ${file}.\n`, exitCode: 0 }
  })
}

const isYaml = (file: string | undefined) => /\.ya?ml$/.test(file ?? '')

/** NDJSON may be larger than memory: it is read while it is sent. */
async function bundleIn(file: string): Promise<Blob> {
  if (file.endsWith('.ndjson')) return openAsBlob(file, { type: 'application/x-ndjson' })
  // YAML takes in JSON.
  const bundle: unknown = load(await readFile(file, 'utf8'))
  if (typeof bundle !== 'object' || bundle === null || Array.isArray(bundle))
    throw new Error('The file holds no bundle: it must have a version, and endpoints or other sections.')
  return new Blob([JSON.stringify(bundle)], { type: 'application/json' })
}

async function sendBundle(
  options: ServerOptions,
  body: Blob,
  query: { mode: 'merge' | 'replace'; dryRun: 'true' | 'false'; confirm: 'true' | 'false' },
): Promise<ProjectImported> {
  const headers = { 'content-type': body.type }
  return (await clientOf(options).call(importProject, { query, body }, { headers })).data
}

function clientOf({ server, token }: ServerOptions): Client {
  return createClient({
    baseUrl: server.replace(/\/+$/, ''),
    headers: () => ({ authorization: `Bearer ${token}` }),
  })
}

function isNothing({ differences, records }: ProjectImported): boolean {
  return differences.length === 0 && records.every((counts) => changesOf(counts).length === 0)
}

const signs = { create: '+', update: '~', delete: '-' } as const

function changesOf({ added, updated, deleted }: ProjectImported['records'][number]) {
  return [
    { action: 'create' as const, count: added },
    { action: 'update' as const, count: updated },
    { action: 'delete' as const, count: deleted },
  ].filter(({ count }) => count > 0)
}

function listingOf({ differences, losses, records }: ProjectImported): string {
  return [
    ...differences.map(lineOf),
    ...records.flatMap((counts) =>
      changesOf(counts).map(({ action, count }) => `${signs[action]} ${count} records of ${counts.path}\n`),
    ),
    ...losses.map(({ endpoint, message }) => `! ${endpoint}: ${message} (needs --confirm)\n`),
  ].join('')
}

function lineOf({ action, kind, name, changes }: ProjectDifference): string {
  const what = changes.length === 0 ? '' : ` (${changes.map(({ property }) => property).join(', ')})`
  return `${signs[action]} ${kind === name ? '' : `${kind} `}${name}${what}\n`
}

async function orReason(work: () => Promise<CommandOutcome>): Promise<CommandOutcome> {
  try {
    return await work()
  } catch (error) {
    return { text: reasonOf(error), exitCode: 1 }
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof Problem) {
    const details = error.details.map(({ path, message }) => `  ${path}: ${message}\n`).join('')
    return `${error.message}\n${details}`
  }
  return `${error instanceof Error ? error.message : String(error)}\n`
}

import type { ProjectImported, projectFormats } from '@holdfast/contracts/builder/project'
import { problem } from '@holdfast/contracts/problems'
import type { StreamedBody, UploadedBody } from '@holdfast/contracts/kit/media'
import type { Database } from '@holdfast/database/database'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import type { Events } from '../../../work/events/service.ts'
import type { AuditLog } from '../../platform/audit/service.ts'
import type { Collection, Snapshots } from '../model.ts'
import type { Exports } from '../records/transfer/exports.ts'
import { bundleOf } from './bundle-of.ts'
import { carryOut, type CarryOutNeeds } from './carry-out.ts'
import { importRecords, type RecordImportNeeds } from './import-records.ts'
import { bundleMistakes } from './mistakes.ts'
import type { Held } from './model.ts'
import { type ImportMode, planOf, settled } from './plan.ts'
import type { ProjectRepo } from './repo.ts'
import { invalidBundle, receiveBundle } from './upload.ts'

/**
 * A project as a file: export what is defined here, and make what is here what a file says.
 *
 * Invariants: an import is one transaction, all of it or nothing, and a dry run is the same with the end left out;
 * importing what was exported changes nothing; two imports never run at once; records go only when the bundle says that it
 * has all of their collection.
 * Events and audit entries: those of each thing that an import touches; the import has an entry of its own.
 */
export interface Project {
  export(ctx: Context, options: ExportOptions): Promise<StreamedBody>
  /** Throws project.bundle_invalid, project.loses_data, request.too_large. */
  import(ctx: Context, upload: UploadedBody, options: ImportOptions): Promise<ProjectImported>
}

export interface ExportOptions {
  includeData: boolean
  includeSettings: boolean
  format: (typeof projectFormats)[number]
}

export interface ImportOptions {
  mode: ImportMode
  dryRun: boolean
  confirm: boolean
}

interface Needs extends CarryOutNeeds, RecordImportNeeds {
  repo: ProjectRepo
  held(ctx: Context): Promise<Held>
  exports: Pick<Exports, 'pages'>
  snapshots: Pick<Snapshots, 'current'>
  /** Told when records may have been written. */
  onWrite(): void
  database: Pick<Database<Tables>, 'transaction' | 'afterCommit'>
  audit: Pick<AuditLog, 'append'>
  events: Pick<Events, 'append'>
}

/** Carries what a dry run has found out of the transaction that it undoes. */
class DryRunDone extends Error {
  readonly found: ProjectImported
  constructor(found: ProjectImported) {
    super('A dry run ends with nothing kept.')
    this.found = found
  }
}

export function createProject(needs: Needs): Project {
  const { repo, held, exports, snapshots, onWrite, database, audit, events } = needs

  /** Collections that have an enabled endpoint, by path. */
  function shownCollections(): Collection[] {
    const { collections, endpointsOf } = snapshots.current()
    return [...collections.values()]
      .filter(({ id }) => endpointsOf(id).length > 0)
      .sort((one, other) => (one.path < other.path ? -1 : 1))
  }

  async function* recordsOf(ctx: Context, collections: readonly Collection[]) {
    for (const collection of collections)
      for await (const records of exports.pages(ctx, collection)) yield { path: collection.path, records }
  }

  async function* asLines(ctx: Context, bundle: object, includeData: boolean): AsyncGenerator<string> {
    yield `${JSON.stringify(bundle)}\n`
    if (!includeData) return
    const collections = shownCollections()
    for await (const { path, records } of recordsOf(ctx, collections))
      yield records.map((record) => `${JSON.stringify({ collection: path, record })}\n`).join('')
    // The last line, so that a file that was cut off does not say that it has all of them.
    yield `${JSON.stringify({ completeRecords: collections.map(({ path }) => path) })}\n`
  }

  /** One record a line within the document, so that a comparison of two files shows single records. */
  async function* asDocument(ctx: Context, bundle: object, includeData: boolean): AsyncGenerator<string> {
    const text = JSON.stringify(bundle, null, 2)
    if (!includeData) {
      yield `${text}\n`
      return
    }
    const collections = shownCollections()
    yield `${text.slice(0, -2)},\n  "records": {`
    let open: string | null = null
    for await (const { path, records } of recordsOf(ctx, collections)) {
      const begins = path !== open
      if (begins) yield `${open === null ? '' : '\n    ],'}\n    ${JSON.stringify(path)}: [`
      const lines = records.map((record) => `\n      ${JSON.stringify(record)}`).join(',')
      yield begins ? lines : `,${lines}`
      open = path
    }
    yield open === null ? '}' : '\n    ]\n  }'
    yield `,\n  "completeRecords": ${JSON.stringify(collections.map(({ path }) => path))}\n}\n`
  }

  return {
    async export(ctx, { includeData, includeSettings, format }) {
      const bundle = bundleOf(await database.transaction(ctx, held), includeSettings)
      const body = format === 'ndjson' ? asLines : asDocument
      return {
        contentType: format === 'ndjson' ? 'application/x-ndjson' : 'application/json',
        fileName: `project.${format}`,
        body: body(ctx, bundle, includeData),
      }
    },

    async import(ctx, upload, { mode, dryRun, confirm }) {
      const received = await receiveBundle(upload)
      try {
        const bundle = settled(received.bundle)
        return await database.transaction(ctx, async (tx) => {
          await repo.lock(tx)
          const before = await held(tx)
          const mistakes = bundleMistakes(before, bundle, mode)
          if (mistakes.length > 0) throw invalidBundle(mistakes)
          const plan = planOf(before, bundle, mode)
          const done = await carryOut(needs, tx, before, plan, confirm || dryRun)
          if (done.mistakes.length > 0) throw invalidBundle(done.mistakes)
          if (!dryRun && !confirm) refuseLosses(done.losses)
          const { records, mistakes: refused } = await importRecords(needs, tx, received.lines(), mode)
          if (refused.length > 0) throw invalidBundle(refused)
          const losses = [...done.losses, ...deletedRecords(records)]
          if (!dryRun && !confirm) refuseLosses(losses)
          const { notes, operationIds } = done
          const { differences } = plan
          const found = { dryRun, mode, differences, losses, records, notes, operationIds }
          if (dryRun) throw new DryRunDone({ ...found, operationIds: [] })
          await database.afterCommit(tx, onWrite)
          const counts = countsOf(found)
          await events.append(tx, { type: 'project.imported', data: { mode, ...counts } })
          await audit.append(tx, { target: { type: 'project', id: null }, details: { mode, ...counts } })
          return found
        })
      } catch (error) {
        if (!(error instanceof DryRunDone)) throw error
        ctx.audit.isDue = false
        return error.found
      } finally {
        await received.release()
      }
    },
  }
}

function refuseLosses(losses: ProjectImported['losses']): void {
  if (losses.length === 0) return
  const details = losses.map(({ endpoint, message }) => ({ path: endpoint, message }))
  throw problem('project.loses_data', { details })
}

function deletedRecords(records: ProjectImported['records']): ProjectImported['losses'] {
  return records
    .filter(({ deleted }) => deleted > 0)
    .map(({ path, deleted }) => ({
      endpoint: path,
      message: `${deleted === 1 ? '1 record is' : `${deleted} records are`} not in the file, and deleted`,
    }))
}

/** How many of each: `{ 'endpoint create': 3, records: 20 }`. */
function countsOf({ differences, records }: Pick<ProjectImported, 'differences' | 'records'>) {
  const counts: Record<string, number> = {}
  const add = (name: string, more: number) => {
    if (more > 0) counts[name] = (counts[name] ?? 0) + more
  }
  for (const { kind, action } of differences) add(`${kind} ${action}`, 1)
  for (const { added, updated, deleted } of records) {
    add('records', added)
    add('records update', updated)
    add('records delete', deleted)
  }
  return counts
}

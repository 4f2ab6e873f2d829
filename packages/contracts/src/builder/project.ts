import { z } from 'zod'
import { ok } from '../kit/answer.ts'
import { Id } from '../kit/id.ts'
import { stream, upload } from '../kit/media.ts'
import { route } from '../kit/route.ts'
import { Json } from './fields.ts'
import { bundleLimits } from './project-bundle.ts'

const flag = z.enum(['true', 'false'], 'must be true or false').default('false')

export const projectFormats = ['json', 'ndjson'] as const
export const importModes = ['merge', 'replace'] as const

/** One thing that an import creates, changes or deletes. */
export const ProjectDifference = z
  .object({
    action: z.enum(['create', 'update', 'delete']),
    kind: z.enum(['endpoint group', 'endpoint', 'cron job', 'webhook', 'settings']),
    /** `GET /api/products` of an endpoint; the name of anything else. */
    name: z.string(),
    /** What an update alters, as it is and as it will be. */
    changes: z.array(z.object({ property: z.string(), before: Json, after: Json })),
  })
  .meta({ id: 'ProjectDifference' })
export type ProjectDifference = z.output<typeof ProjectDifference>

export const ProjectImported = z
  .object({
    dryRun: z.boolean(),
    mode: z.enum(importModes),
    differences: z.array(ProjectDifference),
    /** Values that records lose, and records that are deleted: `confirm` is asked. By endpoint or path of the records. */
    losses: z.array(z.object({ endpoint: z.string(), message: z.string() })),
    /** How many records by collection; those that are kept were here with the same values. */
    records: z.array(
      z.object({ path: z.string(), added: z.int(), updated: z.int(), kept: z.int(), deleted: z.int() }),
    ),
    /** What is left to do by hand. */
    notes: z.array(z.string()),
    /** What still runs afterwards: building indexes, converting values. */
    operationIds: z.array(Id),
  })
  .meta({ id: 'ProjectImported' })
export type ProjectImported = z.output<typeof ProjectImported>

export const exportProject = route({
  id: 'project.export',
  method: 'GET',
  path: '/api/project/export',
  summary: 'Export what is defined here as a bundle that can be reviewed and imported',
  access: { permission: 'manage_api' },
  query: z.object({
    includeData: flag.describe('With the records that you may see.'),
    includeSettings: flag.describe('With the platform settings.'),
    format: z
      .enum(projectFormats, `must be one of ${projectFormats.join(', ')}`)
      .default('json')
      .describe('`ndjson`: the definitions in the first line, then one record a line.'),
  }),
  answers: { 200: stream('application/json', 'application/x-ndjson') },
})

export const importProject = route({
  id: 'project.import',
  method: 'POST',
  path: '/api/project/import',
  summary: 'Import a bundle, all of it or nothing; a dry run answers the differences alone',
  access: { permission: 'manage_api' },
  audit: 'project.imported',
  query: z.object({
    mode: z
      .enum(importModes, `must be one of ${importModes.join(', ')}`)
      .default('merge')
      .describe(
        '`replace` deletes what a list of the bundle does not name; records only of the paths in `completeRecords`.',
      ),
    dryRun: flag.describe('Answer the differences and change nothing.'),
    confirm: flag.describe('Go on although records lose values or are deleted.'),
  }),
  body: upload('application/json', 'application/x-ndjson'),
  bodySizeBytesMax: bundleLimits.ndjsonSizeBytesMax,
  answers: { 200: ok(ProjectImported) },
  problems: ['project.bundle_invalid', 'project.loses_data'],
})

export const projectRoutes = [exportProject, importProject] as const

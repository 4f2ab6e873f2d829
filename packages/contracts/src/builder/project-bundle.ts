import { z } from 'zod'
import { SettingsChange, type SettingValues } from '../platform/settings.ts'
import { createWebhook } from '../platform/webhooks.ts'
import { createCronJob } from './automations/cron.ts'
import { createEndpointGroup } from './endpoint-groups.ts'
import { createEndpoint } from './endpoints.ts'
import { fieldBody, fieldLimits } from './fields.ts'

/**
 * A project as a file: what is defined here, by names instead of ids, so that it can be reviewed, kept under version
 * control and imported elsewhere. People, tokens, secrets and logs are never in it.
 */
export const bundleVersion = '1.2'

/** Bounds of one bundle. Records are not counted: they are streamed. */
export const bundleLimits = {
  endpointsMax: 5_000,
  endpointGroupsMax: 1_000,
  automationsMax: 1_000,
  /** A bundle in one piece; with more records, send it as NDJSON. */
  jsonSizeBytesMax: 32 * 1024 * 1024,
  ndjsonSizeBytesMax: 4 * 1024 * 1024 * 1024,
} as const

const GroupNames = z.array(z.string().min(1).max(200)).max(fieldLimits.groupsMax).default([])
const { refEndpointId, readGroupIds, writeGroupIds, order, ...ownField } = fieldBody
void [refEndpointId, readGroupIds, writeGroupIds, order]

const projectField = {
  ...ownField,
  /** Method and path of the endpoint that is pointed at: `GET /api/categories`. */
  refEndpoint: z.string().max(520).nullable().default(null),
  minimum: z.number().nullable().default(null),
  maximum: z.number().nullable().default(null),
  minLength: z.int().min(0).max(10_000_000).nullable().default(null),
  maxLength: z.int().min(0).max(10_000_000).nullable().default(null),
  choices: z.array(z.string().max(500)).max(fieldLimits.choicesMax).nullable().default(null),
  unique: z.boolean().default(false),
  indexed: z.boolean().default(false),
  hidden: z.boolean().default(false),
  /** Names of groups. */
  readGroups: GroupNames,
  writeGroups: GroupNames,
}
type FieldBody = z.output<z.ZodObject<typeof projectField>>
type FieldRequest = z.input<z.ZodObject<typeof projectField>>

/** A field in a bundle; its place in the list is its order. */
export type ProjectField = FieldBody & { children: ProjectField[] }
export type ProjectFieldInput = FieldRequest & { children?: ProjectFieldInput[] | undefined }

/** Levels are written out instead of recursing, as in `FieldInput`. */
function fieldAt(level: number): z.ZodType<ProjectField, ProjectFieldInput> {
  const children: z.ZodType<ProjectField[], ProjectFieldInput[]> =
    level < fieldLimits.depthMax
      ? z.array(fieldAt(level + 1)).max(fieldLimits.fieldsMax)
      : z.array(z.never()).max(0, `must be empty: fields nest ${fieldLimits.depthMax} levels deep at most`)
  return z
    .strictObject({ ...projectField, children: children.default([]) })
    .meta({ id: level === 1 ? 'ProjectField' : `ProjectFieldLevel${level}` })
}

export const ProjectField = fieldAt(1)

const endpointBody = createEndpoint.body.shape
const { schema, fields, groupId, allowedGroupIds, path, method, ...ownEndpoint } = endpointBody
void [schema, fields, groupId, allowedGroupIds]

/** Known by method and path, whatever the parameters in it are called. */
export const ProjectEndpoint = z.strictObject({
  method,
  path,
  ...ownEndpoint,
  slug: z.string().trim().max(120).default(''),
  /** The name of an endpoint group. */
  group: z.string().max(80).nullable().default(null),
  /** Names of the groups that are let in, with `accessType` `group`. */
  allowedGroups: GroupNames,
  fields: z.array(ProjectField).max(fieldLimits.fieldsMax).default([]),
})
export type ProjectEndpoint = z.output<typeof ProjectEndpoint>

export const ProjectEndpointGroup = z.strictObject(createEndpointGroup.body.shape)
export type ProjectEndpointGroup = z.output<typeof ProjectEndpointGroup>

export const ProjectCronJob = z.strictObject(createCronJob.body.shape)
export type ProjectCronJob = z.output<typeof ProjectCronJob>

const { secret, customHeaders, ...ownWebhook } = createWebhook.body.shape
void [secret, customHeaders]

/** Without secret and header values: a new one gets a secret of its own, a known one keeps what it has. */
export const ProjectWebhook = z.strictObject(ownWebhook)
export type ProjectWebhook = z.output<typeof ProjectWebhook>

const ProjectSettings = SettingsChange.omit({ version: true })
export type ProjectSettings = Partial<SettingValues>

/** Records of one collection, by the path that its endpoints share. */
const ProjectRecords = z.record(z.string().max(500), z.array(z.record(z.string(), z.unknown())))

export const ProjectBundle = z
  .strictObject({
    version: z.string().regex(/^1\.\d{1,3}$/, 'must be 1.2, or another version that begins with 1.'),
    endpointGroups: z.array(ProjectEndpointGroup).max(bundleLimits.endpointGroupsMax).optional(),
    endpoints: z.array(ProjectEndpoint).max(bundleLimits.endpointsMax).optional(),
    cronJobs: z.array(ProjectCronJob).max(bundleLimits.automationsMax).optional(),
    webhooks: z.array(ProjectWebhook).max(bundleLimits.automationsMax).optional(),
    settings: ProjectSettings.optional(),
    records: ProjectRecords.optional(),
    /** Paths all of whose records are here: with `replace`, others of them are deleted. NDJSON says it in its last line. */
    completeRecords: z.array(z.string().max(500)).max(bundleLimits.endpointsMax).optional(),
  })
  .meta({ id: 'ProjectBundle' })
export type ProjectBundle = z.output<typeof ProjectBundle>
export type ProjectBundleInput = z.input<typeof ProjectBundle>

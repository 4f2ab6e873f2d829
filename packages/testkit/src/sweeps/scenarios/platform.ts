import {
  clearActivity,
  clearOldActivity,
  followActivity,
  getActivity,
  listActivity,
} from '@holdfast/contracts/platform/activity'
import {
  exportAudit,
  getAuditEntry,
  listAudit,
  listAuditCheckpoints,
  listAuditVerdicts,
  verifyAudit,
} from '@holdfast/contracts/platform/audit'
import { exportAuditLogsV1, listAuditLogsV1 } from '@holdfast/contracts/platform/audit-v1'
import { getDashboardStats, getDashboardSystem } from '@holdfast/contracts/platform/dashboard'
import { healthRoutes } from '@holdfast/contracts/platform/health'
import {
  getAdminMetrics,
  getLogSettingsV1,
  getMetrics,
  updateLogSettingsV1,
} from '@holdfast/contracts/platform/metrics'
import { getOpenApi, openSwagger } from '@holdfast/contracts/platform/openapi'
import {
  cancelOperation,
  getOperation,
  listOperations,
  type OperationState,
  watchOperation,
} from '@holdfast/contracts/platform/operations'
import { getSettings, updateSettings } from '@holdfast/contracts/platform/settings'
import { getUpdateStatus } from '@holdfast/contracts/platform/updates'
import { randomUUID } from 'node:crypto'
import { scenario } from '../scenario.ts'
import { nobody, type World } from '../world.ts'
import { unknownId } from './ids.ts'

/** A row as the operations module writes it, in any state: only its creator may see it. */
async function makeOperation(world: World, state: OperationState) {
  const as = await world.as('user')
  const id = randomUUID()
  const at = world.server.clock.now().toISOString()
  await world.server.database.kysely
    .insertInto('operations')
    .values({
      id,
      kind: 'records.import',
      state,
      message: null,
      progress_total: null,
      problem: null,
      input: '{}',
      result: null,
      target_type: 'endpoint',
      target_id: null,
      created_by: as.user.id,
      created_at: at,
      updated_at: at,
      started_at: state === 'succeeded' ? at : null,
      finished_at: state === 'succeeded' ? at : null,
    })
    .execute()
  return { as, params: { id } }
}

export const platformScenarios = [
  ...healthRoutes.map((route) => scenario(route, { success: () => ({ as: nobody }) })),
  scenario(getMetrics, {
    success: () => ({}),
    problems: {
      'auth.required': () => ({ as: nobody }),
      'auth.forbidden': async (world) => ({ as: await world.as(['view']) }),
    },
  }),
  scenario(getAdminMetrics, { success: () => ({}) }),
  scenario(getLogSettingsV1, { success: () => ({}) }),
  scenario(updateLogSettingsV1, { success: () => ({ body: { retention_days: 30 } }) }),
  scenario(getOpenApi, { success: () => ({ as: nobody }) }),
  scenario(getDashboardStats, { success: () => ({}) }),
  scenario(getDashboardSystem, { success: () => ({}) }),
  scenario(getUpdateStatus, { success: () => ({}) }),
  scenario(openSwagger, { success: () => ({ as: nobody }) }),
  scenario(getSettings, { success: () => ({}) }),
  scenario(updateSettings, {
    success: () => ({ body: { appName: 'Holdfast', logRetentionDays: 30 } }),
    problems: {
      'config.set_by_environment': {
        environment: { HOLDFAST_SETTINGS: '{"appName":"Fixed"}' },
        way: () => ({ body: { appName: 'Other' } }),
      },
    },
  }),
  scenario(listActivity, { success: () => ({ query: {} }) }),
  scenario(getActivity, {
    success: async ({ server }) => {
      server.platform.activity.record({ action: 'error', message: 'to be shown' })
      await server.platform.activity.flush()
      const { id } = await server.database.kysely
        .selectFrom('activity')
        .select('id')
        .where('message', '=', 'to be shown')
        .limit(1)
        .executeTakeFirstOrThrow()
      return { params: { id } }
    },
    problems: { 'activity.not_found': () => ({ params: { id: unknownId } }) },
  }),
  scenario(followActivity, { success: () => ({ query: {} }) }),
  scenario(clearActivity, { success: () => ({}) }),
  scenario(clearOldActivity, { success: () => ({}) }),
  scenario(listAudit, { success: () => ({ query: {} }) }),
  scenario(exportAudit, { success: () => ({ query: {} }) }),
  scenario(verifyAudit, { success: () => ({}) }),
  scenario(listAuditVerdicts, { success: () => ({}) }),
  scenario(listAuditCheckpoints, { success: () => ({ query: {} }) }),
  scenario(getAuditEntry, {
    success: async (world) => {
      const { id } = await world.server.database.kysely
        .selectFrom('audit_entries')
        .select('id')
        .limit(1)
        .executeTakeFirstOrThrow()
      return { params: { id } }
    },
    problems: { 'audit.not_found': () => ({ params: { id: unknownId } }) },
  }),
  scenario(listAuditLogsV1, { success: () => ({ query: {} }) }),
  scenario(exportAuditLogsV1, { success: () => ({ query: {} }) }),
  scenario(listOperations, { success: () => ({ query: {} }) }),
  scenario(getOperation, {
    success: (world) => makeOperation(world, 'running'),
    problems: { 'operations.not_found': () => ({ params: { id: unknownId } }) },
  }),
  scenario(cancelOperation, {
    success: (world) => makeOperation(world, 'queued'),
    problems: {
      'operations.not_found': () => ({ params: { id: unknownId } }),
      'operations.already_finished': (world) => makeOperation(world, 'succeeded'),
    },
  }),
  scenario(watchOperation, {
    success: (world) => makeOperation(world, 'running'),
    problems: { 'operations.not_found': () => ({ params: { id: unknownId } }) },
  }),
]

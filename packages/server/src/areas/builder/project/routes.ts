import { exportProject, importProject } from '@holdfast/contracts/builder/project'
import { success } from '@holdfast/contracts/kit/answer'
import { type BoundRoute, handle } from '../../../http/handle.ts'
import type { Project } from './service.ts'

const isSet = (flag: 'true' | 'false') => flag === 'true'

export function bindProject(project: Project): BoundRoute[] {
  return [
    handle(exportProject, (ctx, { query: { includeData, includeSettings, format } }) =>
      project.export(ctx, {
        includeData: isSet(includeData),
        includeSettings: isSet(includeSettings),
        format,
      }),
    ),
    handle(importProject, async (ctx, { query: { mode, dryRun, confirm }, body }) =>
      success(await project.import(ctx, body, { mode, dryRun: isSet(dryRun), confirm: isSet(confirm) })),
    ),
  ]
}

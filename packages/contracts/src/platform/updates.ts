import { z } from 'zod'
import { ok } from '../kit/answer.ts'
import { route } from '../kit/route.ts'

const UpdateStatus = z
  .object({
    currentVersion: z.string(),
    /** The product never looks for newer versions by itself: it calls nobody. */
    latestVersion: z.null(),
    updateAvailable: z.null(),
    selfUpdate: z.literal(false),
    message: z.string().describe('How to update.'),
  })
  .meta({ id: 'UpdateStatus' })

export const getUpdateStatus = route({
  id: 'updates.status',
  method: 'GET',
  path: '/api/updates/status',
  summary: 'Say which version runs and how to update it',
  access: { permission: ['manage_users', 'manage_api'] },
  answers: { 200: ok(UpdateStatus) },
})

export const updateRoutes = [getUpdateStatus] as const

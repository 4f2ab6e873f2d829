import { z } from 'zod'
import type { JobHandler } from '../../../work/jobs/service.ts'
import type { PasswordChanges } from './service.ts'

export const resetLinkJobName = 'identity.send_reset_link'

const Payload = z.object({ identifier: z.string() })

/** Sends a reset link. Tried again while the relay refuses; each try carries a fresh token that ends the one before. */
export function resetLinkJob(passwords: Pick<PasswordChanges, 'sendLink'>): JobHandler {
  return {
    name: resetLinkJobName,
    attemptsMax: 8,
    run: (ctx, payload) => passwords.sendLink(ctx, Payload.parse(payload).identifier),
  }
}

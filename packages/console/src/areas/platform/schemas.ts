import { z } from 'zod'

const count = (most: number) =>
  z
    .int('Enter a whole number.')
    .min(1, 'Enter at least 1.')
    .max(most, `Enter at most ${most.toLocaleString('en-US')}.`)

/** The settings as a person writes them: spans in minutes, where the API takes milliseconds. */
export const settingsForm = z.object({
  appName: z.string().min(1, 'Give this installation a name.').max(60, 'A name has at most 60 characters.'),
  enableRegistration: z.boolean(),
  rateLimitMax: count(1_000_000),
  rateLimitWindowMinutes: count(1_440),
  authMaxAttempts: count(100),
  authLockoutMinutes: count(1_440),
  logRetentionDays: count(3_650),
})

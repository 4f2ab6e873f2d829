import { z } from 'zod'

const count = (least: number, most: number) =>
  z
    .int('Enter a whole number.')
    .min(least, `Enter at least ${least.toLocaleString('en-US')}.`)
    .max(most, `Enter at most ${most.toLocaleString('en-US')}.`)

const lifetime = z.string().regex(/^\d{1,6}[smhd]$/, 'Enter a number and a unit: 90s, 15m, 12h or 7d.')

/** The settings as a person writes them: spans in minutes and seconds, where the API takes milliseconds. */
export const settingsForm = z.object({
  appName: z
    .string()
    .trim()
    .min(1, 'Give this installation a name.')
    .max(80, 'A name has at most 80 characters.'),
  defaultTheme: z.enum(['system', 'light', 'dark']),
  enableRegistration: z.boolean(),
  authMaxAttempts: count(1, 100),
  authLockoutMinutes: z
    .number('Enter a number.')
    .min(0.1, 'Enter at least 0.1.')
    .max(1_440, 'Enter at most 1,440.'),
  jwtExpiresIn: lifetime,
  jwtRefreshExpiresIn: lifetime,
  rateLimitWindowSeconds: count(1, 86_400),
  rateLimitMax: count(60, 10_000_000),
  rateLimitAddressMax: count(60, 10_000_000),
  rateLimitSignInMax: count(3, 10_000),
  logRetentionDays: count(1, 3_650),
})

import { z } from 'zod'
import { Id } from '../kit/id.ts'
import { route } from '../kit/route.ts'
import { secret } from '../kit/secret.ts'
import { AdminPassword, Email, Login, loginNames, PersonName } from './users.ts'

/** The steps of the first run, in order. `done` is reached by completing. */
export const setupSteps = ['account', 'place', 'purpose', 'done'] as const
export type SetupStep = (typeof setupSteps)[number]

/** Printed at start; needed when the server can be reached from elsewhere. Also taken from the header X-Setup-Code. */
const Code = secret(z.string().max(40)).optional()

const AccountStep = z
  .object({
    step: z.literal([1, 'account']),
    code: Code,
    name: PersonName.optional(),
    login: Login.optional(),
    username: Login.optional(),
    email: Email.optional(),
    password: AdminPassword,
  })
  .refine(loginNames, { path: ['username'], message: 'is another name of login; send one of them' })
  .refine((body) => (body.login ?? body.username ?? body.email) !== undefined, {
    path: ['login'],
    message: 'must be given',
  })
export type AccountStep = z.output<typeof AccountStep>

const Place = {
  /** What the console and e-mails call this installation. */
  appName: z
    .string()
    .trim()
    .min(1, 'must not be empty')
    .max(60, 'must have at most 60 characters')
    .default('Holdfast'),
  /** Under which address others reach it; links in e-mails begin with it. */
  publicUrl: z
    .url({ protocol: /^https?$/, error: 'must be an address with http:// or https://' })
    .max(300)
    .optional(),
}
const PlaceStep = z.object({ step: z.literal([2, 'place']), code: Code, ...Place })
export type Place = Omit<z.output<typeof PlaceStep>, 'step' | 'code'>

const firstUses = ['api', 'gateway', 'network', 'fleet'] as const
const PurposeStep = z.object({
  step: z.literal([3, 'purpose']),
  code: Code,
  firstUse: z.enum(firstUses).default('api'),
})
export type Purpose = Omit<z.output<typeof PurposeStep>, 'step' | 'code'>

const SetupStatus = z
  .object({
    complete: z.boolean(),
    current_step: z.enum(setupSteps),
    /** The place of `current_step`, from 1. */
    step: z.int().min(1).max(setupSteps.length),
    needsCode: z.boolean(),
  })
  .meta({ id: 'SetupStatus' })
export type SetupStatus = z.output<typeof SetupStatus>

const SetupData = z
  .object({
    current_step: z.enum(setupSteps),
    step: z.int().min(1).max(setupSteps.length),
    /** What has been given so far, without the password. */
    data: z.object({
      account: z.object({ login: z.string(), email: z.string().nullable(), name: z.string() }).nullable(),
      place: z.object({ appName: z.string(), publicUrl: z.string().optional() }).nullable(),
      purpose: z.object({ firstUse: z.enum(firstUses) }).nullable(),
    }),
  })
  .meta({ id: 'SetupData' })
export type SetupData = z.output<typeof SetupData>

const beforeAnybody = { public: 'until set-up is complete nobody can be signed in' }

export const setupStatus = route({
  id: 'setup.status',
  method: 'GET',
  path: '/api/setup/status',
  summary: 'Whether set-up is complete, and which step is next',
  access: beforeAnybody,
  answers: { 200: SetupStatus },
})

export const setupStep = route({
  id: 'setup.step',
  method: 'GET',
  path: '/api/setup/step',
  summary: 'What the current set-up step knows; afterwards for administrators only',
  access: beforeAnybody,
  answers: { 200: SetupData },
  problems: ['setup.code_invalid', 'auth.locked', 'auth.required', 'auth.forbidden'],
})

export const submitSetupStep = route({
  id: 'setup.submitStep',
  method: 'POST',
  path: '/api/setup/step',
  summary: 'Submit a set-up step',
  access: beforeAnybody,
  limit: 'signIn',
  audit: 'setup.step_saved',
  body: z.discriminatedUnion('step', [AccountStep, PlaceStep, PurposeStep]),
  answers: { 200: SetupStatus },
  problems: ['setup.completed', 'setup.step_out_of_order', 'setup.code_invalid', 'auth.locked'],
})

export const completeSetup = route({
  id: 'setup.complete',
  method: 'POST',
  path: '/api/setup/complete',
  summary: 'Create the administrator, sign them in, and close set-up for good',
  access: beforeAnybody,
  limit: 'signIn',
  audit: 'setup.completed',
  body: z.object({ code: Code }),
  answers: { 200: z.object({ complete: z.literal(true), userId: Id, login: z.string() }) },
  problems: ['setup.completed', 'setup.step_out_of_order', 'setup.code_invalid', 'auth.locked'],
})

export const setupRoutes = [setupStatus, setupStep, submitSetupStep, completeSetup] as const

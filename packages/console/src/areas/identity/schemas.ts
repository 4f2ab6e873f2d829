import { forgotPassword, Identifier } from '@holdfast/contracts/identity/auth'
import { updateProfile } from '@holdfast/contracts/identity/profile'
import { submitSetupStep } from '@holdfast/contracts/identity/setup'
import { createApiToken } from '@holdfast/contracts/identity/tokens'
import {
  AdminPassword,
  Email,
  GivenPassword,
  Login,
  NewPassword,
  PersonName,
  updateUser,
  userStatuses,
} from '@holdfast/contracts/identity/users'
import { z } from 'zod'

/** What the forms of this area accept: the contract's own fields, and what only a form has, such as typing it twice. */

export const signInForm = z.object({ login: Identifier, password: GivenPassword })

export const codeForm = z.object({ code: z.string().trim().min(1, 'must not be empty').max(40) })

const lifetimes = ['7', '30', '90', '365', 'never'] as const
export const tokenForm = z.object({
  name: createApiToken.body.shape.name,
  scopes: z.array(z.string()).min(1, 'must name at least one scope'),
  lifetimeDays: z.enum(lifetimes),
  addresses: z.string().max(2_000).optional(),
})

export const forgotForm = forgotPassword.body

const twice = (value: { password: string; repeat: string }) => value.password === value.repeat
const twiceIssue = { path: ['repeat'], message: 'must be the same as the password above' }

export const newPasswordForm = z
  .object({ password: NewPassword, repeat: z.string() })
  .refine(twice, twiceIssue)

export const registerForm = z
  .object({ name: PersonName, email: Email, password: NewPassword, repeat: z.string() })
  .refine(twice, twiceIssue)

export const changePasswordForm = z
  .object({ current_password: GivenPassword, password: NewPassword, repeat: z.string() })
  .refine(twice, twiceIssue)

// The routes leave out what does not change; a form shows everything, so name and login must be there.
const named = { name: PersonName, login: Login }
export const profileForm = updateProfile.body.safeExtend(named)
export const editUserForm = updateUser.body.safeExtend({
  ...named,
  status: z.enum(userStatuses),
  groupIds: z.array(z.string()),
})

const [accountStep, placeStep] = submitSetupStep.body.options

/** The code is asked for only where the server can be reached from elsewhere. */
export const setupCode = z.string().trim().min(1, 'must not be empty').max(40)

export const ownerForm = z
  .object({
    ...named,
    email: accountStep.shape.email,
    password: AdminPassword,
    repeat: z.string(),
    code: setupCode.optional(),
  })
  .refine(twice, twiceIssue)
export const ownerFormWithCode = ownerForm.safeExtend({ code: setupCode })

export const placeForm = z.object({ appName: placeStep.shape.appName, publicUrl: placeStep.shape.publicUrl })

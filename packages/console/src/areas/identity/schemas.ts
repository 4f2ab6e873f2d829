import { z } from 'zod'

/** What the forms of this area accept, where the contract's body is not the form itself. */

const login = z.string().min(1, 'Enter a login name.').max(64, 'A login name has at most 64 characters.')
const email = z
  .email('This is not an e-mail address.')
  .max(254, 'An e-mail address has at most 254 characters.')
const name = z.string().min(1, 'Enter a name.').max(120, 'A name has at most 120 characters.')
const newPassword = z
  .string()
  .min(8, 'A password has at least 8 characters.')
  .max(200, 'A password has at most 200 characters.')

export const signInForm = z.object({
  login: z.string().min(1, 'Enter your login, username or e-mail address.'),
  password: z.string().min(1, 'Enter your password.'),
})

export const forgotForm = z.object({ email })

const twice = (value: { password: string; repeat: string }) => value.password === value.repeat
const twiceIssue = { path: ['repeat'], message: 'The two passwords differ.' }

export const newPasswordForm = z
  .object({ password: newPassword, repeat: z.string() })
  .refine(twice, twiceIssue)

export const changePasswordForm = z
  .object({
    current: z.string().min(1, 'Enter your current password.'),
    password: newPassword,
    repeat: z.string(),
  })
  .refine(twice, twiceIssue)

export const profileForm = z.object({ name, login, email: email.optional() })

export const userStatuses = ['active', 'inactive', 'suspended'] as const

export const createUserForm = z.object({
  name,
  login,
  email: email.optional(),
  password: newPassword.optional(),
  groupIds: z.array(z.string()),
})

export const editUserForm = z.object({
  name,
  login,
  email: email.optional(),
  status: z.enum([...userStatuses, 'invited']),
  groupIds: z.array(z.string()),
})

export const setupCode = z.string().min(1, 'Enter the code that was printed when the server started.').max(40)

export const ownerForm = z
  .object({
    name,
    login,
    email: email.optional(),
    password: newPassword.min(10, 'An administrator’s password has at least 10 characters.'),
    repeat: z.string(),
  })
  .refine(twice, twiceIssue)

export const placeForm = z.object({
  appName: z.string().min(1, 'Give this installation a name.').max(60, 'A name has at most 60 characters.'),
  publicUrl: z.url('Enter the full address, with https:// or http://.').optional(),
})

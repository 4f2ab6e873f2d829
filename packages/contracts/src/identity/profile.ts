import { z } from 'zod'
import { ok } from '../kit/answer.ts'
import { route } from '../kit/route.ts'
import { Me } from './auth.ts'
import { Email, GivenPassword, Login, loginNames, NewPassword, PersonName } from './users.ts'

const ProfileChange = z
  .object({
    login: Login.optional(),
    username: Login.optional(),
    email: Email.nullable().optional(),
    name: PersonName.optional(),
    password: NewPassword.optional(),
    /** Needed with `password`, and with another `email`: an unlocked screen must not be enough to take an account over. */
    currentPassword: GivenPassword.optional(),
    current_password: GivenPassword.optional(),
  })
  .refine(loginNames, { path: ['username'], message: 'is another name of login; send one of them' })
  .refine(
    (body) => body.password === undefined || (body.currentPassword ?? body.current_password) !== undefined,
    {
      path: ['currentPassword'],
      message: 'must be given when the password is changed',
    },
  )
export type ProfileChange = z.output<typeof ProfileChange>

export const getProfile = route({
  id: 'profile.get',
  method: 'GET',
  path: '/api/profile',
  summary: 'Get your own user',
  access: { signedIn: true },
  openBeforePasswordChange: true,
  answers: { 200: ok(Me) },
})

export const updateProfile = route({
  id: 'profile.update',
  method: 'PUT',
  path: '/api/profile',
  summary: 'Change your own name, login, e-mail or password',
  access: { signedIn: true },
  audit: 'profile.updated',
  body: ProfileChange,
  answers: { 200: ok(Me) },
  problems: [
    'users.login_taken',
    'users.email_taken',
    'auth.password_wrong',
    'auth.locked',
    'auth.session_required',
  ],
})

export const profileRoutes = [getProfile, updateProfile] as const

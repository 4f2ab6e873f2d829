import { done } from '@holdfast/contracts/kit/answer'
import {
  adminResetPassword,
  changePassword,
  forgotPassword,
  resetPassword,
} from '@holdfast/contracts/identity/auth'
import { forgotPasswordV1, resetPasswordV1 } from '@holdfast/contracts/identity/auth-v1'
import { type BoundRoute, handle } from '../../../http/handle.ts'
import type { Users } from '../users/service.ts'
import type { PasswordChanges } from './service.ts'

/** Said to everybody, whether or not there is such an account. */
const sent = 'If there is an account with this address, a link is on its way. It works for one hour.'
const changed = 'The password is set. Sign in with it.'

export function bindPasswords(passwords: PasswordChanges, users: Pick<Users, 'setPassword'>): BoundRoute[] {
  return [
    handle(changePassword, async (ctx, { body }) => {
      const current = body.current_password ?? body.currentPassword ?? ''
      await passwords.changeOwn(ctx, current, body.new_password ?? body.newPassword ?? '')
      return done('Password changed. Your other sessions have ended.')
    }),
    handle(adminResetPassword, async (ctx, { body }) => {
      await users.setPassword(
        ctx,
        body.username ?? body.login ?? '',
        body.new_password ?? body.newPassword ?? '',
      )
      return done('Password set. The sessions of this user have ended.')
    }),
    handle(forgotPassword, async (ctx, { body }) => {
      await passwords.requestReset(ctx, body.email)
      return done(sent)
    }),
    handle(forgotPasswordV1, async (ctx, { body }) => {
      await passwords.requestReset(ctx, body.email)
      return { message: sent }
    }),
    handle(resetPassword, async (ctx, { body }) => {
      await passwords.reset(ctx, body.token, body.password ?? body.new_password ?? body.newPassword ?? '')
      return done(changed)
    }),
    handle(resetPasswordV1, async (ctx, { body }) => {
      await passwords.reset(ctx, body.token, body.new_password ?? body.newPassword ?? body.password ?? '')
      return { message: changed }
    }),
  ]
}

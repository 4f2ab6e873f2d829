import { register } from '@holdfast/contracts/identity/auth'
import { registerV1 } from '@holdfast/contracts/identity/auth-v1'
import { type BoundRoute, handle, Reply } from '../../../http/handle.ts'
import { cookieOf } from '../sign-in/routes.ts'
import { accountOf } from '../users/rules.ts'
import type { Registration } from './service.ts'

export function bindRegistration(registration: Registration): BoundRoute[] {
  return [
    handle(register, async (ctx, { body }) => {
      const { email, name, password } = body
      const made = await registration.register(ctx, {
        email,
        name,
        password,
        login: body.login ?? body.username,
      })
      const { user, organizationId, gatewayApiKey, signedIn } = made
      return new Reply(
        {
          success: true as const,
          data: user,
          token: signedIn.credentials.token,
          tenantId: organizationId,
          gatewayApiKey,
        },
        { cookies: [cookieOf(signedIn)] },
      )
    }),
    handle(registerV1, async (ctx, { body }) => {
      const { email, password, name = body.email } = body
      const { user, organizationId } = await registration.register(ctx, { email, name, password })
      return accountOf(user, organizationId)
    }),
  ]
}

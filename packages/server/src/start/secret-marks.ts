import { bodySchemas, isSecret, schemaProperties } from '@holdfast/contracts/kit/secret'
import type { RouteShape } from '@holdfast/contracts/kit/route'

/** Fields that everybody can see hold a secret. The marks are what masks them, so that a start without them is refused. */
const pinned: readonly (readonly [routeId: string, field: string])[] = [
  ['auth.login', 'password'],
  ['auth.login', 'accessToken'],
  ['auth.login', 'refreshToken'],
  ['auth.changePassword', 'new_password'],
  ['auth.resetPassword', 'token'],
  ['auth.register', 'gatewayApiKey'],
  ['users.create', 'password'],
  ['users.create', 'setPasswordToken'],
  ['profile.update', 'currentPassword'],
  ['mfa.enroll', 'secret'],
  ['tokens.create', 'token'],
  ['secrets.save', 'value'],
  ['webhooks.create', 'secret'],
  ['plugins.register', 'signing_secret'],
  ['backups.create', 'passphrase'],
  ['gatewayConsumers.create', 'apiKey'],
]

/** Throws when one of them is not marked, or not there any more under this name. */
export function refuseUnmarkedSecrets(routes: readonly Pick<RouteShape, 'id' | 'body' | 'answers'>[]): void {
  const byId = new Map(routes.map((route) => [route.id, route]))
  const unmarked = pinned.filter(([routeId, field]) => {
    const route = byId.get(routeId)
    const found = (route === undefined ? [] : bodySchemas(route)).flatMap((schema) =>
      [...schemaProperties(schema)].filter(([name]) => name === field),
    )
    return found.length === 0 || !found.every(([, property]) => isSecret(property))
  })
  if (unmarked.length === 0) return
  const names = unmarked.map((field) => field.join(': ')).join(', ')
  throw new Error(`These fields hold a secret and are not marked with secret(): ${names}`)
}

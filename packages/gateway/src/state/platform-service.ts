import type { Upsert } from '../data-plane.ts'

/**
 * A service that is the control plane is reached where this gateway is linked, whatever address it goes by elsewhere: what
 * is meant for the control plane alone then goes to nobody whom a tenant can name.
 */
export function withPlatformAt(serverUrl: URL, upserts: readonly Upsert[]): Upsert[] {
  const url = `${serverUrl.origin}${serverUrl.pathname.replace(/\/+$/, '')}`
  return upserts.map((upsert) =>
    upsert.kind === 'service' && upsert.entity.isPlatform === true
      ? { ...upsert, entity: { ...upsert.entity, targets: [{ url, weight: 1 }] } }
      : upsert,
  )
}

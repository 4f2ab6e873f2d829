import { useOrganization } from '../../lib/organization.ts'

export interface Tenant {
  tenantId: string
  /** Keys, settings and whole documents are for administrators of the organization. */
  isAdmin: boolean
}

/** The tenant that the pages of the gateway are about. Behind the door there always is one. */
export function useTenant(): Tenant {
  const { id = '', role } = useOrganization()
  return { tenantId: id, isAdmin: role === 'owner' || role === 'admin' }
}

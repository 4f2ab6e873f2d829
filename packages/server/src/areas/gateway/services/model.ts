import type { ServiceEntity } from '@holdfast/contracts/gateway/services'

/** A service as it is stored: its address is its first target. */
export type StoredService = Omit<ServiceEntity, 'targetUrl'>

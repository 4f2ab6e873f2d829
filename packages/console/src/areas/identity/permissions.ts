import { type Permission, permissionCatalogue } from '@holdfast/contracts/permissions'

/** A permission in words. One that this console does not know yet is shown by its name. */
export function describePermission(name: string): { label: string; meaning: string } {
  const label = name.replaceAll('_', ' ').replace(/\bapi\b/, 'API')
  const meaning = Object.entries(permissionCatalogue).find(([known]) => known === name)?.[1] ?? ''
  return { label: label.charAt(0).toUpperCase() + label.slice(1), meaning }
}

/** Whether a name is one of the catalogue. */
export function isPermission(name: string): name is Permission {
  return name in permissionCatalogue
}

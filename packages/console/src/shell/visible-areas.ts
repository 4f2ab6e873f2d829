import type { Area } from '../areas/area.ts'

/** The areas with the pages and actions that somebody with these permissions may use; empty areas are left out. */
export function visibleAreas(areas: readonly Area[], permissions: readonly string[]): Area[] {
  const allowed = (item: { permissions?: readonly string[] }) =>
    item.permissions === undefined || item.permissions.some((permission) => permissions.includes(permission))
  return areas
    .map((area) => ({
      ...area,
      pages: area.pages.filter(allowed),
      actions: (area.actions ?? []).filter(allowed),
    }))
    .filter((area) => area.pages.length > 0)
}

/** Every permission a group can hold, with the sentence the console shows. Names are fixed by the references. */
export const permissionCatalogue = {
  view: 'Read what the platform holds: users, groups, endpoints, dashboards.',
  create: 'Create records.',
  update: 'Change records.',
  delete: 'Delete records.',
  manage_users: 'Create, change and delete users and groups.',
  manage_api: 'Create, change and delete endpoints, and the automations on them.',
  view_logs: 'Read the activity log.',
  view_audit: 'Read the audit trail, the proof of who changed what.',
} as const

export type Permission = keyof typeof permissionCatalogue
export const permissionNames = Object.keys(permissionCatalogue) as [Permission, ...Permission[]]

import { endpointOf, type Shop } from './seed.ts'

/** A page of the console: its name in the screenshots, and where it is. */
export interface ListedPage {
  name: string
  path: string
}

/** Pages that somebody signed in sees on an installation where nothing has been done yet. */
export const emptyPages: readonly ListedPage[] = [
  { name: 'home', path: '/' },
  { name: 'build-endpoints', path: '/build' },
  { name: 'build-sample', path: '/build?sample=products' },
  { name: 'build-new-api', path: '/build/new' },
  { name: 'build-new-group', path: '/build/groups/new' },
  { name: 'build-cron', path: '/build/cron' },
  { name: 'build-cron-new', path: '/build/cron/new' },
  { name: 'build-secrets', path: '/build/secrets' },
  { name: 'build-reference', path: '/build/reference?operation=endpoints.create' },
  { name: 'build-mcp', path: '/build/mcp' },
  { name: 'build-project', path: '/build/project' },
  { name: 'admin-users', path: '/admin/users' },
  { name: 'admin-users-new', path: '/admin/users/new' },
  { name: 'admin-groups', path: '/admin/groups' },
  { name: 'admin-groups-new', path: '/admin/groups/new' },
  { name: 'admin-settings', path: '/admin/settings' },
  { name: 'admin-config', path: '/admin/config' },
  { name: 'admin-config-new', path: '/admin/config/new' },
  { name: 'admin-config-key', path: '/admin/config/appName' },
  { name: 'admin-activity', path: '/admin/activity' },
  { name: 'admin-audit', path: '/admin/audit' },
  { name: 'admin-database', path: '/admin/database' },
  { name: 'admin-database-sql-access', path: '/admin/database/sql-access' },
  { name: 'admin-audit-checkpoints', path: '/admin/audit/checkpoints' },
  { name: 'admin-operations', path: '/admin/operations' },
  { name: 'admin-plugins', path: '/admin/plugins' },
  { name: 'admin-plugins-new', path: '/admin/plugins/new' },
  { name: 'profile', path: '/profile' },
  { name: 'profile-password', path: '/profile/password' },
  { name: 'profile-second-factor', path: '/profile/second-factor' },
  { name: 'tokens', path: '/tokens' },
  { name: 'tokens-new', path: '/tokens/new' },
]

/** Pages with something on them. */
export function filledPages(shop: Shop): readonly ListedPage[] {
  const create = endpointOf(shop.products, 'POST').id
  const read = endpointOf(shop.products, 'GET').id
  const where = encodeURIComponent(JSON.stringify([['price', 'gt', '20']]))
  return [
    { name: 'home', path: '/' },
    { name: 'build-endpoints', path: '/build' },
    { name: 'build-system-endpoints', path: '/build?whose=product' },
    { name: 'build-group', path: `/build/groups/${shop.groupId}` },
    { name: 'build-schema', path: `/build/endpoints/${create}` },
    { name: 'build-access', path: `/build/endpoints/${create}/access` },
    { name: 'build-network', path: `/build/endpoints/${create}/network` },
    { name: 'build-code', path: `/build/endpoints/${read}/code` },
    { name: 'build-docs', path: `/build/endpoints/${read}/docs` },
    { name: 'build-try', path: `/build/endpoints/${create}/try` },
    { name: 'build-settings', path: `/build/endpoints/${create}/settings` },
    { name: 'build-records', path: `/build/records/${read}` },
    { name: 'build-records-filtered', path: `/build/records/${read}?where=${where}&sort=-price` },
    { name: 'build-record', path: `/build/records/${read}/${shop.recordId}` },
    { name: 'build-record-new', path: `/build/records/${read}/new` },
    { name: 'build-import', path: `/build/records/${read}/import` },
    { name: 'admin-users', path: '/admin/users' },
    { name: 'admin-activity', path: '/admin/activity' },
    { name: 'admin-audit', path: '/admin/audit' },
    { name: 'admin-database', path: '/admin/database' },
    { name: 'admin-database-records', path: '/admin/database/endpointdatas' },
    { name: 'admin-database-record', path: `/admin/database/endpointdatas/${shop.recordId}` },
    { name: 'admin-operations', path: '/admin/operations' },
  ]
}

/** Pages before the door. */
export const doorPages: readonly ListedPage[] = [
  { name: 'sign-in', path: '/sign-in' },
  { name: 'register', path: '/register' },
  { name: 'forgot-password', path: '/forgot-password' },
]

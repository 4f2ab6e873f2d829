import type { Notification } from '@holdfast/contracts/platform/notifications'
import { queryOptions } from '@tanstack/react-query'
import { request } from './client.ts'

/**
 * The bell is on every page, so only the types come from the contracts, as with what the console asks first. A test
 * holds these paths against the routes.
 */
export const notificationPaths = {
  list: '/api/notifications',
  read: (id: string) => `/api/notifications/${id}/read`,
  readAll: '/api/notifications/read',
} as const

const refreshEveryMs = 30_000

export const notificationsQuery = queryOptions({
  queryKey: ['notifications'],
  queryFn: async ({ signal }) =>
    (await request({ path: notificationPaths.list, signal })) as {
      data: Notification[]
      meta: { unread: number }
    },
  refetchInterval: refreshEveryMs,
})

export const markRead = (id: string) => request({ method: 'POST', path: notificationPaths.read(id) })
export const markAllRead = () => request({ method: 'POST', path: notificationPaths.readAll })

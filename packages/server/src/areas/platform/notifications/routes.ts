import { success } from '@holdfast/contracts/kit/answer'
import {
  listNotifications,
  readAllNotifications,
  readNotification,
} from '@holdfast/contracts/platform/notifications'
import { type BoundRoute, handle } from '../../../http/handle.ts'
import type { Notifications } from './service.ts'

export function bindNotifications(notifications: Notifications): BoundRoute[] {
  return [
    handle(listNotifications, async (ctx, { query }) => {
      const { rows, unread } = await notifications.list(ctx, query)
      return { ...success(rows), meta: { unread } }
    }),
    handle(readNotification, async (ctx, { params }) => success(await notifications.read(ctx, params.id))),
    handle(readAllNotifications, async (ctx) => success({ read: await notifications.readAll(ctx) })),
  ]
}

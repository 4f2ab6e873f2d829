import { z } from 'zod'
import { ok, Timestamp } from '../kit/answer.ts'
import { Id } from '../kit/id.ts'
import { route } from '../kit/route.ts'

export const Notification = z
  .object({
    id: Id,
    /** What it is about: `webhook.disabled`. */
    kind: z.string(),
    title: z.string(),
    message: z.string(),
    /** A page of the console. */
    link: z.string().nullable(),
    isRead: z.boolean(),
    createdAt: Timestamp,
  })
  .meta({ id: 'Notification' })
export type Notification = z.output<typeof Notification>

const NotificationsQuery = z.object({
  unread: z.stringbool().default(false).describe('Only what has not been read.'),
  limit: z.coerce.number().int().min(1).max(100).default(20),
  before: Id.optional().describe('The id of the last one of the previous answer.'),
})
export type NotificationsQuery = z.output<typeof NotificationsQuery>

export const listNotifications = route({
  id: 'notifications.list',
  method: 'GET',
  path: '/api/notifications',
  summary: 'List what the product has to tell you, newest first',
  access: { signedIn: true },
  query: NotificationsQuery,
  answers: {
    200: z.object({
      success: z.literal(true),
      data: z.array(Notification),
      meta: z.object({ unread: z.int().describe('Counts at most 100.') }),
    }),
  },
})

export const readNotification = route({
  id: 'notifications.read',
  method: 'POST',
  path: '/api/notifications/{id}/read',
  summary: 'Mark a notification as read',
  access: { signedIn: true },
  audit: { none: 'What somebody has read changes nothing that others see.' },
  params: z.object({ id: Id }),
  answers: { 200: ok(Notification) },
  problems: ['notifications.not_found'],
})

export const readAllNotifications = route({
  id: 'notifications.readAll',
  method: 'POST',
  path: '/api/notifications/read',
  summary: 'Mark all notifications as read',
  access: { signedIn: true },
  audit: { none: 'What somebody has read changes nothing that others see.' },
  answers: { 200: ok(z.object({ read: z.int() })) },
})

export const notificationRoutes = [listNotifications, readNotification, readAllNotifications] as const

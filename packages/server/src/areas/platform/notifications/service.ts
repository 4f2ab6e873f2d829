import type { Notification, NotificationsQuery } from '@holdfast/contracts/platform/notifications'
import type { Permission } from '@holdfast/contracts/permissions'
import { problem } from '@holdfast/contracts/problems'
import type { Clock } from '@holdfast/kernel/clock'
import type { Ids } from '@holdfast/kernel/id'
import type { Context } from '../../../context.ts'
import type { NotificationsRepo, Reader } from './repo.ts'

/** For one person, or for everybody who holds a permission when they look. */
export type NewNotification = ({ userId: string } | { permission: Permission }) & {
  kind: string
  title: string
  message: string
  /** A page of the console. */
  link?: string
}

/**
 * What the product has to tell people. One row for all who may see it; what each has read is kept apart. They expire
 * after 90 days.
 */
export interface Notifications {
  /** In the transaction of what it tells about. */
  add(ctx: Context, notification: NewNotification): Promise<void>
  /** `unread` counts at most 100. */
  list(ctx: Context, query: NotificationsQuery): Promise<{ rows: Notification[]; unread: number }>
  /** Throws notifications.not_found. */
  read(ctx: Context, id: string): Promise<Notification>
  /** Answers how many had not been read. */
  readAll(ctx: Context): Promise<number>
  expire(): Promise<void>
}

const unreadMax = 100
const retentionMs = 90 * 86_400_000

export function createNotifications(needs: {
  repo: NotificationsRepo
  clock: Clock
  ids: Ids
}): Notifications {
  const { repo, clock, ids } = needs
  return {
    add: (ctx, { kind, title, message, link, ...audience }) =>
      repo.insert(ctx, {
        id: ids.uuid(),
        userId: 'userId' in audience ? audience.userId : null,
        permission: 'permission' in audience ? audience.permission : null,
        kind,
        title,
        message,
        link: link ?? null,
        at: clock.now(),
      }),

    async list(ctx, query) {
      const reader = readerOf(ctx)
      const rows = await repo.list(ctx, reader, query)
      return { rows, unread: await repo.countUnread(ctx, reader, unreadMax) }
    },

    async read(ctx, id) {
      const reader = readerOf(ctx)
      const found = await repo.find(ctx, reader, id)
      if (found === undefined) throw problem('notifications.not_found')
      await repo.markRead(ctx, reader, id)
      return { ...found, isRead: true }
    },

    readAll: (ctx) => repo.markAllRead(ctx, readerOf(ctx)),

    expire: () => repo.removeBefore(new Date(clock.nowMs() - retentionMs)),
  }
}

function readerOf({ actor }: Context): Reader {
  if (actor.kind !== 'user') throw new Error('Only a person reads notifications.')
  return { userId: actor.userId, permissions: [...actor.permissions] }
}

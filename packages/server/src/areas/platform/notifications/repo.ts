import type { Notification, NotificationsQuery } from '@holdfast/contracts/platform/notifications'
import type { Permission } from '@holdfast/contracts/permissions'
import type { Database } from '@holdfast/database/database'
import { type RawBuilder, sql } from 'kysely'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'

export type NotificationsRepo = ReturnType<typeof createNotificationsRepo>

/** Whose notifications: a person's own, and those for what the person may do. */
export interface Reader {
  userId: string
  permissions: readonly Permission[]
}

/** All SQL of notifications and of who has read them. */
export function createNotificationsRepo(database: Database<Tables>) {
  const isRead = ({ userId }: Reader) => sql<boolean>`exists (
    select from notification_reads where user_id = ${userId} and notification_id = notifications.id)`
  const visible = ({ userId, permissions }: Reader) =>
    sql<boolean>`(user_id = ${userId} or permission = any(${[...permissions]}::text[]))`

  async function rowsOf<T>(ctx: Context, query: RawBuilder<T>): Promise<T[]> {
    return (await query.execute(database.of(ctx))).rows
  }

  const columns = (reader: Reader) =>
    sql`id, kind, title, message, link, created_at as "createdAt", ${isRead(reader)} as "isRead"`

  return {
    list: (
      ctx: Context,
      reader: Reader,
      { unread, limit, before }: NotificationsQuery,
    ): Promise<Notification[]> =>
      rowsOf(
        ctx,
        sql<Notification>`
          select ${columns(reader)} from notifications
          where ${visible(reader)} and (not ${unread} or not ${isRead(reader)})
            and (${before ?? null}::uuid is null or id < ${before ?? null}::uuid)
          order by id desc limit ${limit}`,
      ),

    async find(ctx: Context, reader: Reader, id: string): Promise<Notification | undefined> {
      const [row] = await rowsOf(
        ctx,
        sql<Notification>`select ${columns(reader)} from notifications where id = ${id} and ${visible(reader)}`,
      )
      return row
    },

    /** At most `max`. */
    async countUnread(ctx: Context, reader: Reader, max: number): Promise<number> {
      const [row] = await rowsOf(
        ctx,
        sql<{ count: number }>`select count(*) from (
          select from notifications where ${visible(reader)} and not ${isRead(reader)} limit ${max}) unread`,
      )
      return row?.count ?? 0
    },

    async insert(
      ctx: Context,
      row: {
        id: string
        userId: string | null
        permission: string | null
        kind: string
        title: string
        message: string
        link: string | null
        at: Date
      },
    ): Promise<void> {
      const { userId, at, ...rest } = row
      await database
        .of(ctx)
        .insertInto('notifications')
        .values({ ...rest, user_id: userId, created_at: at.toISOString() })
        .execute()
    },

    async markRead(ctx: Context, reader: Reader, id: string): Promise<void> {
      await rowsOf(
        ctx,
        sql`insert into notification_reads (user_id, notification_id) values (${reader.userId}, ${id}) on conflict do nothing`,
      )
    },

    async markAllRead(ctx: Context, reader: Reader): Promise<number> {
      const rows = await rowsOf(
        ctx,
        sql`insert into notification_reads (user_id, notification_id)
          select ${reader.userId}, id from notifications where ${visible(reader)} and not ${isRead(reader)}
          on conflict do nothing returning notification_id`,
      )
      return rows.length
    },

    async removeBefore(before: Date): Promise<void> {
      await sql`delete from notifications where created_at < ${before.toISOString()}`.execute(database.kysely)
    },
  }
}

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Bell } from 'lucide-react'
import { markAllRead, markRead, notificationsQuery } from '../lib/notifications.ts'
import { IconButton } from '../ui/icon-button.tsx'
import { Menu, MenuHeading, MenuItem, MenuSeparator } from '../ui/menu.tsx'
import { notifyProblem } from '../ui/toast.ts'
import { RelativeTime } from '../ui/values.tsx'

const shownMax = 8

/** What the product has to tell, with the number of what has not been read. */
export function NotificationBell() {
  const { data } = useQuery(notificationsQuery)
  const queries = useQueryClient()
  const navigate = useNavigate()
  const unread = data?.meta.unread ?? 0
  const run = async (work: Promise<unknown>) => {
    try {
      await work
      await queries.invalidateQueries({ queryKey: notificationsQuery.queryKey })
    } catch (thrown) {
      notifyProblem(thrown)
    }
  }
  return (
    <div className="relative">
      <Menu
        trigger={
          <IconButton
            icon={Bell}
            label={unread === 0 ? 'Notifications' : `Notifications, ${countText(unread)} unread`}
          />
        }
      >
        <MenuHeading>
          <span className="text-sm font-medium">Notifications</span>
        </MenuHeading>
        {(data?.data ?? []).slice(0, shownMax).map(({ id, title, message, link, isRead, createdAt }) => (
          <MenuItem
            key={id}
            onSelect={() => {
              void run(markRead(id))
              if (link !== null) void navigate({ to: link })
            }}
          >
            <span className="flex max-w-80 flex-col py-1 whitespace-normal">
              <span className={isRead ? '' : 'font-semibold'}>{title}</span>
              <span className="text-xs text-ink-muted">{message}</span>
              <span className="text-xs text-ink-subtle">
                <RelativeTime at={createdAt} />
              </span>
            </span>
          </MenuItem>
        ))}
        {data?.data.length === 0 && (
          <MenuHeading>
            <span className="text-sm text-ink-muted">There is nothing to tell.</span>
          </MenuHeading>
        )}
        {unread > 0 && (
          <>
            <MenuSeparator />
            <MenuItem onSelect={() => void run(markAllRead())}>Mark all as read</MenuItem>
          </>
        )}
      </Menu>
      {unread > 0 && (
        <span
          aria-hidden
          className="pointer-events-none absolute -top-0.5 -right-0.5 min-w-4 rounded-full bg-accent px-1 text-center text-xs text-on-accent"
        >
          {countText(unread)}
        </span>
      )}
    </div>
  )
}

function countText(unread: number): string {
  return unread >= 100 ? '99+' : String(unread)
}

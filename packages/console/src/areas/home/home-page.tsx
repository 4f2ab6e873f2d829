import { usePageSettings } from '../../lib/page-settings.ts'
import { useMe } from '../../lib/session.ts'
import { visibleAreas } from '../../shell/visible-areas.ts'
import { Notice } from '../../ui/notice.tsx'
import { Page } from '../../ui/page.tsx'
import { areas } from '../registry.ts'
import { HealthBadge } from './health-badge.tsx'
import { LatestActivity } from './latest-activity.tsx'
import { Machine } from './machine.tsx'
import { ThingsToTry } from './things-to-try.tsx'
import { Tiles } from './tiles.tsx'
import { Week } from './week.tsx'

/** Where one arrives: whether all is well, what to try first, the numbers, and what has just happened. */
export default function HomePage() {
  const me = useMe()
  const { trialDatabase } = usePageSettings()
  if (!me) return null
  const may = (...permissions: readonly string[]) => me.permissions.some((held) => permissions.includes(held))
  const shown = visibleAreas(areas, me.permissions)
  return (
    <Page
      title={`Hello, ${me.name}`}
      badge={<HealthBadge />}
      description="Press Ctrl K (⌘ K) anywhere to find a page, a person or an action."
    >
      <div className="flex flex-col gap-6">
        {trialDatabase && may('manage_users', 'manage_api') && (
          <Notice tone="warn" title="Trial database">
            The server runs on the database that came with it, which is good for a trial. Before you rely on
            it, install PostgreSQL 15 or newer on the machine, or set DATABASE_URL, and import this project
            there.
          </Notice>
        )}
        {may('manage_users', 'manage_api') && <ThingsToTry isAdmin={me.isAdmin} areas={shown} />}
        {me.permissions.length === 0 && (
          <Notice title="Little is open to you yet">
            You can run the gateway of your organization and change your profile. What else you may do comes
            from your groups: ask an administrator to add you to one.
          </Notice>
        )}
        <Tiles areas={shown} permissions={me.permissions} />
        {may('view') && <Week />}
        {may('view_logs') && <LatestActivity />}
        {may('view') && <Machine />}
      </div>
    </Page>
  )
}

import { Menu as MenuIcon, Search } from 'lucide-react'
import { Kbd } from '../ui/kbd.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { ConnectionState } from './connection-state.tsx'
import { Mark } from './mark.tsx'
import { NotificationBell } from './notification-bell.tsx'
import { OrganizationSwitcher } from './organization-switcher.tsx'
import { UserMenu } from './user-menu.tsx'

/** The organization, search, the state of the connection, and the person. On a phone also the button of the rail's sheet. */
export function TopBar({ onSearch, onMenu }: { onSearch: () => void; onMenu?: () => void }) {
  return (
    <header className="flex h-12 shrink-0 items-center gap-2 border-b border-line px-3 md:px-8">
      {onMenu && (
        <>
          <IconButton icon={MenuIcon} label="Open the menu" onClick={onMenu} />
          <Mark />
        </>
      )}
      <OrganizationSwitcher />
      <button
        type="button"
        onClick={onSearch}
        className="hidden h-8 w-80 max-w-full items-center gap-2 rounded-md border border-line bg-surface px-2.5 text-sm text-ink-subtle hover:border-line-strong hover:text-ink-muted md:flex"
      >
        <Search aria-hidden className="size-4" />
        <span className="flex-1 text-left">Search or jump to</span>
        <Kbd keys="mod+k" />
      </button>
      <div className="ml-auto flex items-center gap-1">
        <ConnectionState />
        {onMenu && <IconButton icon={Search} label="Search" onClick={onSearch} />}
        <NotificationBell />
        <UserMenu />
      </div>
    </header>
  )
}

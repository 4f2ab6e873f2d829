import { useNavigate } from '@tanstack/react-router'
import { CircleUser, LogOut, Monitor, Moon, Sun } from 'lucide-react'
import { signOut } from '../areas/identity/session-actions.ts'
import { useMe } from '../lib/session.ts'
import { setTheme, useTheme } from '../lib/theme.ts'
import { Menu, MenuChoice, MenuHeading, MenuItem, MenuSeparator } from '../ui/menu.tsx'
import { notifyProblem } from '../ui/toast.ts'

/** Who is signed in, their profile, the theme, and the way out. */
export function UserMenu() {
  const me = useMe()
  const theme = useTheme()
  const navigate = useNavigate()
  if (!me) return null

  const leave = async () => {
    try {
      await signOut()
      await navigate({ to: '/sign-in' })
    } catch (thrown) {
      notifyProblem(thrown)
    }
  }

  return (
    <Menu
      trigger={
        <button
          type="button"
          aria-label={`Menu of ${me.name}`}
          className="flex size-8 items-center justify-center rounded-full bg-accent-soft text-xs font-semibold text-accent-ink pointer-coarse:size-10"
        >
          {initials(me.name)}
        </button>
      }
    >
      <MenuHeading>
        <div className="text-sm font-medium">{me.name}</div>
        <div className="text-xs text-ink-subtle">{me.email ?? me.login}</div>
      </MenuHeading>
      <MenuSeparator />
      <MenuItem icon={CircleUser} onSelect={() => void navigate({ to: '/profile' })}>
        Profile
      </MenuItem>
      <MenuSeparator />
      <MenuChoice
        label="Theme"
        value={theme}
        onChange={setTheme}
        options={[
          { value: 'system', label: 'Like the system', icon: Monitor },
          { value: 'light', label: 'Light', icon: Sun },
          { value: 'dark', label: 'Dark', icon: Moon },
        ]}
      />
      <MenuSeparator />
      <MenuItem icon={LogOut} onSelect={() => void leave()}>
        Sign out
      </MenuItem>
    </Menu>
  )
}

function initials(name: string): string {
  const words = name.trim().split(/\s+/)
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => word?.[0] ?? '')
  return letters.join('').toUpperCase() || '?'
}

import { Dialog as Base } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import { type ReactNode, useRef } from 'react'
import { classNames } from '../lib/class-names.ts'
import { IconButton } from './icon-button.tsx'

export interface DrawerProps {
  /** Where closing leads: the list's own address. */
  onClose: () => void
  title: ReactNode
  badge?: ReactNode
  actions?: ReactNode
  footer?: ReactNode
  size?: 'medium' | 'large'
  children: ReactNode
}

/**
 * Details beside the list they belong to. It is the component of a child route, so it has its own address: it is open
 * because the address says so, and closing it navigates back to the list.
 */
export function Drawer(props: DrawerProps) {
  const { onClose, title, badge, actions, footer, size = 'medium', children } = props
  const popup = useRef<HTMLDivElement>(null)
  return (
    <Base.Root open onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-30 bg-overlay transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Base.Popup
          ref={popup}
          // A field that asks for the focus keeps it; else the drawer itself has it, and not its close button.
          initialFocus={() => (popup.current?.contains(document.activeElement) ? false : popup.current)}
          className={classNames(
            'fixed inset-y-0 right-0 z-30 flex w-full flex-col bg-surface shadow-popup outline-hidden',
            'transition-transform data-ending-style:translate-x-4 data-starting-style:translate-x-4',
            size === 'large' ? 'sm:w-[min(860px,92vw)]' : 'sm:w-[min(520px,92vw)]',
          )}
        >
          <header className="flex min-h-12 items-center gap-2 border-b border-line px-4 py-2">
            <Base.Title className="min-w-0 truncate text-lg font-semibold">{title}</Base.Title>
            {badge}
            <div className="ml-auto flex items-center gap-1">
              {actions}
              <Base.Close render={<IconButton icon={X} label="Close" shortcut="escape" />} />
            </div>
          </header>
          <div className="relative min-h-0 flex-1 overflow-y-auto p-4">{children}</div>
          {footer && (
            <footer className="flex justify-end gap-2 border-t border-line px-4 py-3">{footer}</footer>
          )}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}

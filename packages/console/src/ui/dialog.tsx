import { Dialog as Base } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import { type ReactNode, useRef } from 'react'
import { classNames } from '../lib/class-names.ts'
import { IconButton } from './icon-button.tsx'

export interface DialogProps {
  open: boolean
  onClose: () => void
  title: string
  description?: ReactNode
  /** Buttons, the main one last. */
  footer?: ReactNode
  size?: 'small' | 'medium' | 'large'
  children?: ReactNode
}

const widths = { small: 'w-100', medium: 'w-130', large: 'w-200' }

/** A question or a short form above the page. Escape and a click beside it close it; focus returns where it was. */
export function Dialog(props: DialogProps) {
  const { open, onClose, title, description, footer, size = 'small', children } = props
  const popup = useRef<HTMLDivElement>(null)
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop
          forceRender
          className="fixed inset-0 z-40 bg-overlay transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0"
        />
        <Base.Popup
          ref={popup}
          // What asks for the focus keeps it; else the dialog itself has it, and not its close button.
          initialFocus={() => (popup.current?.contains(document.activeElement) ? false : popup.current)}
          className={classNames(
            'popup-motion fixed top-[12vh] left-1/2 z-40 flex max-h-[80vh] max-w-[calc(100vw-24px)] -translate-x-1/2 flex-col',
            'rounded-md bg-raised shadow-popup outline-hidden',
            widths[size],
          )}
        >
          <header className="flex items-start gap-2 px-4 pt-4">
            <div className="min-w-0 flex-1">
              <Base.Title className="text-lg font-semibold">{title}</Base.Title>
              {description && (
                <Base.Description className="mt-1 text-sm text-ink-muted">{description}</Base.Description>
              )}
            </div>
            <Base.Close render={<IconButton icon={X} label="Close" size="small" />} />
          </header>
          <div className="relative min-h-0 flex-1 overflow-y-auto px-4 py-3">{children}</div>
          {footer && (
            <footer className="flex flex-wrap justify-end gap-2 border-t border-line px-4 py-3">
              {footer}
            </footer>
          )}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}

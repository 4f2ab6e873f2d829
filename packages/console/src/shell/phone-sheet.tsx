import { Dialog } from '@base-ui/react/dialog'
import type { Area } from '../areas/area.ts'
import { Rail } from './rail.tsx'

/** The rail on a phone: a sheet from the left, closed by a tap beside it. */
export default function PhoneSheet({ areas, onClose }: { areas: readonly Area[]; onClose: () => void }) {
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-30 bg-overlay transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Dialog.Popup className="fixed inset-y-0 left-0 z-30 w-66 bg-canvas shadow-popup outline-hidden">
          <Dialog.Title className="sr-only">Menu</Dialog.Title>
          <Rail areas={areas} collapsed={false} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

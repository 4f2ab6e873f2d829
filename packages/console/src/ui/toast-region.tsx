import { Toast as Base } from '@base-ui/react/toast'
import { CircleAlert, CircleCheck, X } from 'lucide-react'
import { useEffect } from 'react'
import { takeMessages } from './toast.ts'

const manager = Base.createToastManager()

function ToastList() {
  const { toasts } = Base.useToastManager()
  return toasts.map((toast) => {
    const isProblem = toast.type === 'problem'
    const Icon = isProblem ? CircleAlert : CircleCheck
    return (
      <Base.Root
        key={toast.id}
        toast={toast}
        className="w-full rounded-md bg-raised shadow-popup transition-opacity data-ending-style:opacity-0 data-limited:hidden data-starting-style:opacity-0"
      >
        <Base.Content className="flex items-start gap-2 p-3">
          <Icon
            aria-hidden
            className={isProblem ? 'mt-0.5 size-4 text-bad-ink' : 'mt-0.5 size-4 text-ok-ink'}
          />
          <div className="min-w-0 flex-1">
            <Base.Title className="text-sm font-medium" />
            <Base.Description className="text-sm text-ink-muted" />
          </div>
          <Base.Close
            aria-label="Dismiss"
            className="flex size-6 items-center justify-center text-ink-subtle hover:text-ink"
          >
            <X aria-hidden className="size-3.5" />
          </Base.Close>
        </Base.Content>
      </Base.Root>
    )
  })
}

/** Where toasts appear. F6 moves the focus there. Loaded with the first message, as most visits have none at first. */
export default function ToastRegion() {
  useEffect(
    () =>
      takeMessages(({ title, description, isProblem }) => {
        manager.add({
          title,
          type: isProblem ? 'problem' : 'done',
          ...(description ? { description } : {}),
          // A problem has to be read, so it stays longer and is announced at once.
          ...(isProblem ? { priority: 'high', timeout: 12_000 } : {}),
        })
      }),
    [],
  )
  return (
    <Base.Provider toastManager={manager} limit={3}>
      <Base.Portal>
        <Base.Viewport className="fixed right-4 bottom-4 z-50 flex w-90 max-w-[calc(100vw-32px)] flex-col gap-2">
          <ToastList />
        </Base.Viewport>
      </Base.Portal>
    </Base.Provider>
  )
}

import { useBlocker } from '@tanstack/react-router'
import { UnsavedChanges } from '../../ui/form/unsaved-changes.tsx'

/** Asks before changes are lost, for editors that are not a form. */
export function UnsavedGuard({ dirty }: { dirty: boolean }) {
  const blocker = useBlocker({
    shouldBlockFn: () => dirty,
    enableBeforeUnload: () => dirty,
    disabled: !dirty,
    withResolver: true,
  })
  return (
    <UnsavedChanges
      open={blocker.status === 'blocked'}
      onStay={() => blocker.reset?.()}
      onLeave={() => blocker.proceed?.()}
    />
  )
}

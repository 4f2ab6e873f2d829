import { useBlocker } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'

const UnsavedChanges = lazy(() => import('../../ui/form/unsaved-changes.tsx'))

/** Asks before changes are lost, for editors that are not a form. */
export function UnsavedGuard({ dirty }: { dirty: boolean }) {
  const blocker = useBlocker({
    shouldBlockFn: () => dirty,
    enableBeforeUnload: () => dirty,
    disabled: !dirty,
    withResolver: true,
  })
  if (blocker.status !== 'blocked') return null
  return (
    <Suspense>
      <UnsavedChanges onStay={blocker.reset} onLeave={blocker.proceed} />
    </Suspense>
  )
}

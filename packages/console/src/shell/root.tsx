import { CSPProvider } from '@base-ui/react/csp-provider'
import { Tooltip } from '@base-ui/react/tooltip'
import { QueryClientProvider } from '@tanstack/react-query'
import { Outlet } from '@tanstack/react-router'
import { queryClient } from '../lib/query.ts'
import { lazy, Suspense } from 'react'
import { useToastsNeeded } from '../ui/toast.ts'

const ToastRegion = lazy(() => import('../ui/toast-region.tsx'))

/** What every page stands in. No component may add a `<style>`: the Content-Security-Policy would refuse it. */
export function Root() {
  const toastsNeeded = useToastsNeeded()
  return (
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={queryClient}>
        <Tooltip.Provider delay={400}>
          <Outlet />
          {toastsNeeded && (
            <Suspense>
              <ToastRegion />
            </Suspense>
          )}
        </Tooltip.Provider>
      </QueryClientProvider>
    </CSPProvider>
  )
}

import { Code } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import type { ApiRequest } from '../lib/snippets.ts'
import { Button } from './button.tsx'

const ApiDialog = lazy(() => import('./api-dialog.tsx'))

/** The request behind what is on screen: everything the console does, a program can do. */
export function ApiButton({ request }: { request: ApiRequest }) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button kind="quiet" icon={Code} aria-haspopup="dialog" onClick={() => setOpen(true)}>
        API
      </Button>
      {open && (
        <Suspense>
          <ApiDialog request={request} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  )
}

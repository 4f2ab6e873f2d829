import { type ErrorComponentProps, useRouter } from '@tanstack/react-router'
import { ProblemNotice } from '../ui/problem-notice.tsx'

/** When a page fails: what happened, its code and request id to copy, and another try. */
export function ProblemPage({ error, reset }: ErrorComponentProps) {
  const router = useRouter()
  return (
    <div className="mx-auto max-w-130 p-6">
      <h1 className="mb-3 text-xl font-semibold">This page could not be shown</h1>
      <ProblemNotice
        problem={error}
        onRetry={() => {
          reset()
          void router.invalidate()
        }}
      />
    </div>
  )
}

/** The same when there is no shell around it. */
export function ProblemScreen(props: ErrorComponentProps) {
  return (
    <main className="pt-[12vh]">
      <ProblemPage {...props} />
    </main>
  )
}

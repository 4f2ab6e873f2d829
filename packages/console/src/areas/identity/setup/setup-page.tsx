import { useQuery } from '@tanstack/react-query'
import { Navigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useDocumentTitle } from '../../../lib/document-title.ts'
import { setupQuery } from '../../../lib/session.ts'
import { Mark } from '../../../shell/mark.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { CodeStep } from './code-step.tsx'
import { DoneStep } from './done-step.tsx'
import { OwnerStep } from './owner-step.tsx'
import { PlaceStep } from './place-step.tsx'
import { ProgressLine } from './progress-line.tsx'
import { type Wish, WishStep } from './wish-step.tsx'

const steps = ['Who you are', 'Where this runs', 'What you want first', 'Done'] as const

/** The first run: four steps. Nothing can be used before it, and it can never be run twice. */
export default function SetupPage() {
  useDocumentTitle('Welcome')
  const status = useQuery(setupQuery)
  const [moved, setMoved] = useState<number>()
  const [code, setCode] = useState<string>()
  const [wish, setWish] = useState<Wish>('api')
  if (status.error) {
    return (
      <main className="mx-auto max-w-130 p-6">
        <h1 className="sr-only">Welcome</h1>
        <ProblemNotice problem={status.error} onRetry={() => void status.refetch()} />
      </main>
    )
  }
  if (!status.data) return null
  // Finished by somebody else, or long ago. Our own finish shows the last step first.
  if (status.data.complete && moved === undefined) return <Navigate to="/" replace />
  const step = moved ?? Math.min(Math.max(status.data.step, 1), 3)
  // The page was reloaded in the middle; the code is kept nowhere but in this page.
  const lostCode = status.data.needsCode && code === undefined
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-150 flex-col px-4 py-10 md:py-16">
      <Mark />
      <ProgressLine steps={steps} current={step} />
      {step === 1 && (
        <OwnerStep
          needsCode={status.data.needsCode}
          onDone={(given) => {
            setCode(given)
            setMoved(2)
          }}
        />
      )}
      {step > 1 && step < 4 && lostCode && <CodeStep onDone={setCode} />}
      {step === 2 && !lostCode && <PlaceStep code={code} onDone={() => setMoved(3)} />}
      {step === 3 && !lostCode && (
        <WishStep
          code={code}
          onDone={(chosen) => {
            setWish(chosen)
            setMoved(4)
          }}
        />
      )}
      {step === 4 && <DoneStep wish={wish} />}
    </main>
  )
}

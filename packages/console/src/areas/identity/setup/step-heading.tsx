import type { ReactNode } from 'react'

/** The title of a step and why it asks. */
export function StepHeading({ title, children }: { title: string; children: ReactNode }) {
  return (
    <header className="mb-6">
      <h1 className="text-2xl font-semibold tracking-tight">{title}</h1>
      <p className="mt-2 text-base text-ink-muted">{children}</p>
    </header>
  )
}

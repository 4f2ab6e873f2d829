import type { ReactNode } from 'react'
import { useDocumentTitle } from '../../lib/document-title.ts'
import { Mark } from '../../shell/mark.tsx'

export interface DoorLayoutProps {
  title: string
  lead?: ReactNode
  children: ReactNode
}

/** The frame of the pages before the shell: signing in, and everything about a forgotten password. */
export function DoorLayout({ title, lead, children }: DoorLayoutProps) {
  useDocumentTitle(title)
  return (
    <main className="flex min-h-dvh flex-col items-center px-4 pt-[14vh] pb-10">
      <div className="w-full max-w-88">
        <div className="mb-6 flex justify-center">
          <Mark />
        </div>
        <div className="flex flex-col gap-4 rounded-md border border-line bg-surface p-6">
          <div>
            <h1 className="text-lg font-semibold">{title}</h1>
            {lead && <p className="mt-1 text-sm text-ink-muted">{lead}</p>}
          </div>
          {children}
        </div>
      </div>
    </main>
  )
}

import type { ReactNode } from 'react'
import { useDocumentTitle } from '../lib/document-title.ts'
import type { ApiRequest } from '../lib/snippets.ts'
import { ApiButton } from './api-button.tsx'
import { type LinkTab, LinkTabs } from './link-tabs.tsx'

export interface PageProps {
  title: string
  /** What this page is about, in one sentence, for who comes here first. */
  description?: ReactNode
  badge?: ReactNode
  /** The one primary action. */
  action?: ReactNode
  /** The request behind what is shown. */
  request?: ApiRequest
  tabs?: readonly LinkTab[]
  /** Text and forms are narrow enough to read; tables take the width there is. */
  width?: 'full' | 'reading'
  children: ReactNode
}

/** The frame of every page: title with its state, one primary action, tabs, content. */
export function Page(props: PageProps) {
  const { title, description, badge, action, request, tabs, width = 'full', children } = props
  useDocumentTitle(title)
  return (
    <div className={width === 'reading' ? 'mx-auto w-full max-w-180' : 'mx-auto w-full max-w-360'}>
      <header className="mb-4 flex flex-wrap items-start gap-x-3 gap-y-2">
        <div className="min-w-0 flex-1 basis-60">
          <div className="flex flex-wrap items-center gap-2">
            <h1 className="truncate text-xl font-semibold tracking-tight">{title}</h1>
            {badge}
          </div>
          {description && <p className="mt-0.5 max-w-160 text-sm text-ink-muted">{description}</p>}
        </div>
        <div className="flex items-center gap-2">
          {request && <ApiButton request={request} />}
          {action}
        </div>
      </header>
      {tabs && (
        <div className="mb-4 border-b border-line">
          <LinkTabs label={title} tabs={tabs} />
        </div>
      )}
      {children}
    </div>
  )
}

/** A part of a page with its own heading; forms put one group of fields in each. */
export function Section(props: {
  title: string
  description?: ReactNode
  action?: ReactNode
  children: ReactNode
}) {
  return (
    <section className="rounded-md border border-line bg-surface [:not(form)>&]:mb-4">
      <header className="flex flex-wrap items-start gap-3 border-b border-line px-4 py-3">
        <div className="min-w-0 flex-1 basis-48">
          <h2 className="text-base font-semibold">{props.title}</h2>
          {props.description && <p className="mt-0.5 text-sm text-ink-muted">{props.description}</p>}
        </div>
        {props.action}
      </header>
      <div className="p-4">{props.children}</div>
    </section>
  )
}

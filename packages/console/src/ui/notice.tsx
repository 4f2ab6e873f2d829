import { CircleAlert, CircleCheck, Info, type LucideIcon, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { classNames } from '../lib/class-names.ts'

type NoticeTone = 'info' | 'ok' | 'warn' | 'bad'

const looks: Record<NoticeTone, { icon: LucideIcon; className: string }> = {
  info: { icon: Info, className: 'bg-info-soft text-info-ink' },
  ok: { icon: CircleCheck, className: 'bg-ok-soft text-ok-ink' },
  warn: { icon: TriangleAlert, className: 'bg-warn-soft text-warn-ink' },
  bad: { icon: CircleAlert, className: 'bg-bad-soft text-bad-ink' },
}

export interface NoticeProps {
  tone?: NoticeTone
  title?: string
  action?: ReactNode
  children?: ReactNode
}

/** A sentence or two that belong to the place where they stand. Problems are announced to screen readers. */
export function Notice({ tone = 'info', title, action, children }: NoticeProps) {
  const { icon: Icon, className } = looks[tone]
  return (
    <div
      role={tone === 'bad' ? 'alert' : 'status'}
      className={classNames('flex items-start gap-2 rounded-md px-3 py-2 text-sm', className)}
    >
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0" />
      <div className="min-w-0 flex-1">
        {title && <p className="font-medium">{title}</p>}
        {children}
      </div>
      {action}
    </div>
  )
}

import { ChevronLeft, ChevronRight } from 'lucide-react'
import { formatNumber } from '../lib/format.ts'
import { IconButton } from './icon-button.tsx'

export interface PagerProps {
  /** From 1. */
  page: number
  pageSize: number
  total: number
  onChange: (page: number) => void
}

/** Walks through a list that comes in numbered pages. Absent while one page holds everything. */
export function Pager({ page, pageSize, total, onChange }: PagerProps) {
  const pages = Math.max(1, Math.ceil(total / pageSize))
  if (pages === 1 && page === 1) return null
  return (
    <nav
      aria-label="Pages"
      className="mt-2 flex items-center justify-end gap-1 text-xs text-ink-subtle tabular-nums"
    >
      <span className="mr-1">
        Page {formatNumber(page)} of {formatNumber(pages)}
      </span>
      <IconButton
        icon={ChevronLeft}
        label="Previous page"
        size="small"
        disabled={page <= 1}
        onClick={() => onChange(page - 1)}
      />
      <IconButton
        icon={ChevronRight}
        label="Next page"
        size="small"
        disabled={page >= pages}
        onClick={() => onChange(page + 1)}
      />
    </nav>
  )
}

import { isFinished, type Operation } from '@holdfast/contracts/platform/operations'
import { FileWarning } from 'lucide-react'
import { z } from 'zod'
import { apiUrl } from '../../../lib/base.ts'
import { formatNumber, plural } from '../../../lib/format.ts'
import { buttonClass } from '../../../ui/button.tsx'

/** What an import leaves behind: how many rows went in, and where those are that did not. */
const Result = z.object({ imported: z.int(), refused: z.int() })

/** The outcome of an import, and the report of the rows that were refused. */
export function ImportResult({ operation }: { operation: Operation }) {
  const result = Result.safeParse(operation.result)
  if (!isFinished(operation) || !result.success) return null
  const { imported, refused } = result.data
  return (
    <div className="flex flex-col gap-2 text-sm">
      <p>
        {plural(imported, 'record')} imported
        {refused > 0 ? `; ${formatNumber(refused)} refused.` : ', none refused.'}
      </p>
      {refused > 0 && (
        <a
          href={apiUrl(`/api/operations/${operation.id}/report`).href}
          download
          className={buttonClass('secondary', 'small')}
        >
          <FileWarning aria-hidden className="size-4" />
          Download the refused rows
        </a>
      )}
    </div>
  )
}

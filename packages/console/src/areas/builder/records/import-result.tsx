import { isFinished, type Operation } from '@holdfast/contracts/platform/operations'
import { FileWarning } from 'lucide-react'
import { z } from 'zod'
import { apiUrl } from '../../../lib/base.ts'
import { formatNumber, plural } from '../../../lib/format.ts'
import { buttonClass } from '../../../ui/button.tsx'

/** What an import leaves behind: how many rows went in, and where those are that did not. */
const Result = z.object({ accepted: z.int(), refused: z.int(), refusals: z.string().nullable() })

/** The outcome of an import, and the report of the rows that were refused. */
export function ImportResult({ operation }: { operation: Operation }) {
  const result = Result.safeParse(operation.result)
  if (!isFinished(operation) || !result.success) return null
  const { accepted, refused, refusals } = result.data
  return (
    <div className="flex flex-col gap-2 text-sm">
      <p>
        {plural(accepted, 'record')} imported{refused > 0 ? `; ${plural(refused, 'row')} refused.` : '.'}
      </p>
      {refusals !== null && (
        <>
          <p className="text-ink-muted">
            The report has one line for each refused row: where it was in the file, what was wrong, and the
            row itself. Put them right and import them again.
          </p>
          <a href={apiUrl(refusals).href} download="refused.ndjson" className={buttonClass('secondary')}>
            <FileWarning aria-hidden className="size-4" />
            Download the {formatNumber(refused)} refused
          </a>
        </>
      )}
    </div>
  )
}

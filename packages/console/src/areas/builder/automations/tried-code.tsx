import type { CodeDryRun } from '@holdfast/contracts/builder/code'
import { Badge } from '../../../ui/badge.tsx'
import { Duration } from '../../../ui/values.tsx'
import { ConsoleLines } from './console-lines.tsx'

/** What a dry run came to. */
export function TriedCode(result: CodeDryRun) {
  return (
    <div role="status" className="flex flex-col gap-2">
      <div className="flex items-center gap-2 text-sm">
        <Badge tone={result.error === null ? 'ok' : 'bad'} dot>
          {result.error === null ? 'Done' : 'Failed'}
        </Badge>
        <Duration milliseconds={result.durationMs} />
      </div>
      {result.error === null && (
        <pre className="overflow-x-auto rounded-md bg-sunken p-3 font-mono text-xs whitespace-pre-wrap">
          {JSON.stringify(result.value ?? null, null, 2)}
        </pre>
      )}
      <ConsoleLines {...result} />
    </div>
  )
}

import { describeProblem } from '../lib/problem-text.ts'
import { CopyButton } from './code-block.tsx'
import { Notice } from './notice.tsx'

export interface ProblemNoticeProps {
  problem: unknown
  onRetry?: () => void
}

/** What went wrong, in a sentence; the code and the request id are one click away, ready to be copied. */
export function ProblemNotice({ problem, onRetry }: ProblemNoticeProps) {
  const { sentence, code, requestId, details } = describeProblem(problem)
  const report = [sentence, code && `code: ${code}`, requestId && `request: ${requestId}`]
    .filter(Boolean)
    .join('\n')
  return (
    <Notice tone="bad">
      <p>{sentence}</p>
      {details.length > 0 && (
        <ul className="mt-1 list-disc pl-4">
          {details.map((detail) => (
            <li key={`${detail.path} ${detail.message}`}>
              {detail.path && <span className="font-mono text-xs">{detail.path}: </span>}
              {detail.message}
            </li>
          ))}
        </ul>
      )}
      {(code ?? requestId) && (
        <details className="mt-1 text-xs">
          <summary className="w-fit">Details</summary>
          <dl className="mt-1 grid grid-cols-[auto_1fr] gap-x-3 font-mono break-all">
            {code && (
              <>
                <dt>code</dt>
                <dd>{code}</dd>
              </>
            )}
            {requestId && (
              <>
                <dt>request</dt>
                <dd>{requestId}</dd>
              </>
            )}
          </dl>
          <CopyButton text={report} label="Copy details" />
        </details>
      )}
      {onRetry && (
        <button type="button" onClick={onRetry} className="mt-1 font-medium underline underline-offset-2">
          Try again
        </button>
      )}
    </Notice>
  )
}

import type { TransferFormat } from '@holdfast/contracts/builder/records'
import { useEffect, useState } from 'react'
import { formatBytes, formatNumber, plural } from '../../../lib/format.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { Progress } from '../../../ui/progress.tsx'
import { type ExportProgress, receiveExport, saveFile } from './export.ts'

export interface ExportDialogProps {
  url: URL
  format: TransferFormat
  onClose: () => void
}

const nothing: ExportProgress = { records: 0, total: null, sizeBytes: 0 }

/** Runs one export while it is open: how far it is, and how it ended. */
export function ExportDialog({ url, format, onClose }: ExportDialogProps) {
  const [progress, setProgress] = useState(nothing)
  const [isSaved, setSaved] = useState(false)
  const [problem, setProblem] = useState<unknown>(null)
  const [attempt, setAttempt] = useState(1)
  const { href } = url

  useEffect(() => {
    const gone = new AbortController()
    setProgress(nothing)
    setProblem(null)
    receiveExport(new URL(href), format, setProgress, gone.signal).then(
      (file) => {
        if (gone.signal.aborted) return
        saveFile(file)
        setSaved(true)
      },
      (error: unknown) => {
        if (!gone.signal.aborted) setProblem(error)
      },
    )
    return () => gone.abort()
  }, [href, format, attempt])

  const { records, total, sizeBytes } = progress
  const size = formatBytes(sizeBytes)
  return (
    <Dialog
      open
      onClose={onClose}
      title="Export"
      footer={<Button onClick={onClose}>{isSaved || problem !== null ? 'Close' : 'Cancel'}</Button>}
    >
      {problem !== null ? (
        <div className="flex flex-col gap-2 text-sm">
          <ProblemNotice problem={problem} onRetry={() => setAttempt(attempt + 1)} />
          <p className="text-ink-muted">Nothing was saved: a part of a file would look like the whole.</p>
        </div>
      ) : isSaved ? (
        <Notice tone="ok">
          {plural(records, 'record')} exported, {size}. The file is among your downloads.
        </Notice>
      ) : (
        <Progress
          label="Receiving records"
          value={total === null || total === 0 ? null : Math.min(1, records / total)}
          detail={`${formatNumber(records)}${total === null ? '' : ` of ${formatNumber(total)}`} · ${size}`}
        />
      )}
    </Dialog>
  )
}

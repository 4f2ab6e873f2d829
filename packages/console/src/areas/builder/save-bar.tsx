import { Button } from '../../ui/button.tsx'
import { UnsavedGuard } from './unsaved-guard.tsx'

export interface SaveBarProps {
  dirty: boolean
  busy: boolean
  /** What saving would do, or why it cannot be done yet. */
  note?: string
  disabled?: boolean
  onSave: () => void
  onDiscard: () => void
}

/** Appears at the foot of an editor as soon as something differs from what is stored. */
export function SaveBar({ dirty, busy, note, disabled = false, onSave, onDiscard }: SaveBarProps) {
  return (
    <>
      {dirty && (
        <div
          role="region"
          aria-label="Unsaved changes"
          className="sticky bottom-0 z-20 mt-4 flex flex-wrap items-center gap-2 rounded-md border border-line-strong bg-raised px-3 py-2 shadow-popup"
        >
          <span className="mr-auto text-sm text-ink-muted">{note ?? 'You have unsaved changes.'}</span>
          <Button kind="quiet" onClick={onDiscard} disabled={busy}>
            Discard
          </Button>
          <Button kind="primary" busy={busy} disabled={disabled} onClick={onSave}>
            Save
          </Button>
        </div>
      )}
      <UnsavedGuard dirty={dirty && !busy} />
    </>
  )
}

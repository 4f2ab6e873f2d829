import { Button } from '../../../ui/button.tsx'
import { Notice } from '../../../ui/notice.tsx'

/** A value was changed in place while somebody else changed the same record: theirs stands. */
export function EditConflict({ onReload }: { onReload: () => void }) {
  return (
    <div className="my-3">
      <Notice
        tone="warn"
        action={
          <Button size="small" onClick={onReload}>
            Reload
          </Button>
        }
      >
        Somebody else changed this record while you were editing it, so your value was not stored. Reload to
        see theirs, then change it again.
      </Notice>
    </div>
  )
}

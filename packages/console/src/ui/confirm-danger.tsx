import { AlertDialog } from '@base-ui/react/alert-dialog'
import { type ReactNode, useState } from 'react'
import { classNames } from '../lib/class-names.ts'
import { Button } from './button.tsx'
import { Field } from './field.tsx'
import { Input } from './input.tsx'
import { ProblemNotice } from './problem-notice.tsx'

export interface ConfirmDangerProps {
  open: boolean
  onClose: () => void
  /** A question that names the thing: "Delete the group Editors?" */
  title: string
  /** What will happen, with numbers: "4 users lose 3 permissions." */
  consequences: readonly ReactNode[]
  /** What has to be typed before the button works. Leave out for what can be undone. */
  typeToConfirm?: string
  /** The verb on the button: "Delete group". */
  action: string
  onConfirm: () => Promise<unknown>
  /** What else has to be said before it can be done: a field, say. */
  children?: ReactNode
}

/** Asks before something that hurts: says what will happen and, where it cannot be undone, wants the name typed. */
export function ConfirmDanger(props: ConfirmDangerProps) {
  const { open, onClose, title } = props
  return (
    <AlertDialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop
          forceRender
          className="fixed inset-0 z-40 bg-overlay transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0"
        />
        <AlertDialog.Popup
          className={classNames(
            'popup-motion fixed top-[16vh] left-1/2 z-40 w-110 max-w-[calc(100vw-24px)] -translate-x-1/2 rounded-md',
            'bg-raised p-4 shadow-popup outline-hidden',
          )}
        >
          <AlertDialog.Title className="text-lg font-semibold">{title}</AlertDialog.Title>
          <ConfirmBody {...props} />
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}

function ConfirmBody(props: ConfirmDangerProps) {
  const { consequences, typeToConfirm, action, onConfirm, onClose, children } = props
  const [typed, setTyped] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>()

  const confirm = async () => {
    setBusy(true)
    setProblem(undefined)
    try {
      await onConfirm()
      onClose()
    } catch (thrown) {
      setProblem(thrown)
    } finally {
      setBusy(false)
    }
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void confirm()
      }}
    >
      <AlertDialog.Description render={<div />} className="mt-2 text-sm text-ink-muted">
        <ul className="flex list-disc flex-col gap-1 pl-4">
          {consequences.map((consequence, index) => (
            <li key={index}>{consequence}</li>
          ))}
        </ul>
      </AlertDialog.Description>
      {typeToConfirm && (
        <Field
          className="mt-3"
          label={
            <>
              Type <span className="font-mono">{typeToConfirm}</span> to confirm
            </>
          }
        >
          <Input
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            autoComplete="off"
            autoFocus
          />
        </Field>
      )}
      {children}
      {problem !== undefined && (
        <div className="mt-3">
          <ProblemNotice problem={problem} />
        </div>
      )}
      <div className="mt-4 flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button
          kind="danger"
          type="submit"
          busy={busy}
          disabled={typeToConfirm !== undefined && typed !== typeToConfirm}
        >
          {action}
        </Button>
      </div>
    </form>
  )
}

import { Button } from '../button.tsx'
import { Dialog } from '../dialog.tsx'

/** Asked when somebody leaves a form that has changes. */
export default function UnsavedChanges(props: { onStay: () => void; onLeave: () => void }) {
  return (
    <Dialog
      open
      onClose={props.onStay}
      title="Leave without saving?"
      description="What you changed here has not been saved and will be lost."
      footer={
        <>
          <Button kind="danger" onClick={props.onLeave}>
            Leave
          </Button>
          <Button kind="primary" autoFocus onClick={props.onStay}>
            Stay
          </Button>
        </>
      }
    />
  )
}

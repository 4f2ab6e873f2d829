import { useNavigate } from '@tanstack/react-router'
import { Button } from '../../../ui/button.tsx'
import { Drawer } from '../../../ui/drawer.tsx'
import { NewConfigForm } from './config-form.tsx'

/** A key of your own, beside the list. */
export default function ConfigNewPage() {
  const navigate = useNavigate()
  const close = () => void navigate({ to: '/admin/config', search: (previous) => previous })
  return (
    <Drawer
      title="Add key"
      onClose={close}
      footer={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button kind="primary" type="submit" form="config-new">
            Add key
          </Button>
        </>
      }
    >
      <NewConfigForm
        onSaved={(key) => void navigate({ to: '/admin/config/$configKey', params: { configKey: key } })}
      />
    </Drawer>
  )
}

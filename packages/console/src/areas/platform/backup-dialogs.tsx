import { type Backup, createBackup, restoreBackup } from '@holdfast/contracts/platform/backups'
import { useState } from 'react'
import { z } from 'zod'
import { client } from '../../lib/client.ts'
import { formatExactTime } from '../../lib/format.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDanger } from '../../ui/confirm-danger.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { TextField } from '../../ui/form/fields.tsx'
import { Form, useSchemaForm } from '../../ui/form/schema-form.tsx'
import { Input } from '../../ui/input.tsx'

const PassphraseForm = z.object({ passphrase: z.union([z.literal(''), z.string().min(12).max(1_000)]) })

export interface BackupDialogProps {
  onClose: () => void
  /** Told the id of the operation that has begun. */
  onStarted: (operationId: string) => void
}

/** Asks for a passphrase, which may be left out, and starts a backup. */
export function NewBackupDialog({ onClose, onStarted }: BackupDialogProps) {
  const form = useSchemaForm({
    schema: PassphraseForm,
    initial: { passphrase: '' },
    onSubmit: async ({ passphrase }) => {
      const { data } = await client.call(createBackup, { body: passphrase === '' ? {} : { passphrase } })
      onStarted(data.id)
    },
  })
  return (
    <Dialog
      open
      onClose={onClose}
      title="Back up now"
      description="The server goes on working. The backup counts when it has been restored into an empty database and compared."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form="new-backup" busy={form.busy}>
            Back up
          </Button>
        </>
      }
    >
      <Form form={form} id="new-backup" guardUnsaved={false}>
        <TextField
          name="passphrase"
          label="Passphrase"
          type="password"
          autoComplete="new-password"
          hint="At least 12 characters; empty for a file that everybody who has it can read. It is not kept: without it the file cannot be opened."
        />
      </Form>
    </Dialog>
  )
}

/** Says what a restore does, wants it typed, and asks for what opens the file. */
export function RestoreDialog({ backup, onClose, onStarted }: BackupDialogProps & { backup: Backup }) {
  const [passphrase, setPassphrase] = useState('')
  return (
    <ConfirmDanger
      open
      onClose={onClose}
      title={`Restore the backup of ${formatExactTime(new Date(backup.created_at))}?`}
      consequences={[
        'Everything becomes as it was then: users, endpoints, records, settings, the audit trail.',
        'What was made since is gone from the product. It is kept aside in a schema of the database, for somebody who knows SQL.',
        'Everybody is signed out, and the server is away for some seconds.',
        'Work that was waiting then, such as deliveries of webhooks, is done again.',
      ]}
      typeToConfirm="restore"
      action="Restore"
      onConfirm={async () => {
        const body = passphrase === '' ? {} : { passphrase }
        const { data } = await client.call(restoreBackup, { params: { backupId: backup.backup_id }, body })
        onStarted(data.id)
      }}
    >
      {backup.encryption !== 'none' && (
        <Field
          className="mt-3"
          label={backup.encryption === 'passphrase' ? 'Passphrase' : 'Secret key of age'}
        >
          <Input
            type="password"
            autoComplete="off"
            value={passphrase}
            onChange={(event) => setPassphrase(event.target.value)}
          />
        </Field>
      )}
    </ConfirmDanger>
  )
}

import { deleteUser, updateUser, type User, type UserStatus } from '@holdfast/contracts/identity/users'
import { useQueryClient } from '@tanstack/react-query'
import { Trash2, UserCheck, UserX } from 'lucide-react'
import { useState } from 'react'
import { client } from '../../lib/client.ts'
import { plural } from '../../lib/format.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDanger } from '../../ui/confirm-danger.tsx'
import { notify, notifyProblem } from '../../ui/toast.ts'

/** What can be done with several users at once. They go one after the other; a refusal stops and says where. */
export function BulkActions({ users, onDone }: { users: readonly User[]; onDone: () => void }) {
  const queries = useQueryClient()
  const [busy, setBusy] = useState(false)
  const [deleting, setDeleting] = useState(false)

  const eachOf = async (work: (user: User) => Promise<unknown>) => {
    let finished = 0
    try {
      for (const user of users) {
        await work(user)
        finished += 1
      }
    } finally {
      await queries.invalidateQueries({ queryKey: ['users'] })
      if (finished > 0 && finished < users.length)
        notify(`${finished} of ${users.length} users changed`, 'The others are as they were.')
    }
  }
  const setStatus = async (status: UserStatus) => {
    setBusy(true)
    try {
      await eachOf(({ id }) => client.call(updateUser, { params: { id }, body: { status } }))
      notify(`${plural(users.length, 'user')} changed`)
      onDone()
    } catch (thrown) {
      notifyProblem(thrown)
    } finally {
      setBusy(false)
    }
  }
  const remove = async () => {
    await eachOf(({ id }) => client.call(deleteUser, { params: { id } }))
    notify(`${plural(users.length, 'user')} deleted`)
    onDone()
  }

  // Only oneself is selected.
  if (users.length === 0)
    return <span className="text-sm text-ink-muted">Nobody can suspend or delete themselves.</span>
  return (
    <>
      <Button size="small" icon={UserCheck} busy={busy} onClick={() => void setStatus('active')}>
        Activate
      </Button>
      <Button size="small" icon={UserX} busy={busy} onClick={() => void setStatus('suspended')}>
        Suspend
      </Button>
      <Button size="small" icon={Trash2} disabled={busy} onClick={() => setDeleting(true)}>
        Delete
      </Button>
      <ConfirmDanger
        open={deleting}
        onClose={() => setDeleting(false)}
        title={`Delete ${plural(users.length, 'user')}?`}
        consequences={[
          `${users
            .slice(0, 5)
            .map(({ name }) => name)
            .join(', ')}${users.length > 5 ? ` and ${users.length - 5} more` : ''} cannot sign in again.`,
          'Their sessions end within a second.',
          'What they did stays in the audit log.',
        ]}
        typeToConfirm={`delete ${users.length}`}
        action={`Delete ${plural(users.length, 'user')}`}
        onConfirm={remove}
      />
    </>
  )
}

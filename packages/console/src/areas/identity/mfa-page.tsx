import { disableMfa, enrollMfa, renewRecoveryCodes, verifyMfa } from '@holdfast/contracts/identity/mfa'
import { GivenPassword } from '@holdfast/contracts/identity/users'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { client } from '../../lib/client.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/code-block.tsx'
import { Drawer } from '../../ui/drawer.tsx'
import { TextField } from '../../ui/form/fields.tsx'
import { Form, useSchemaForm } from '../../ui/form/schema-form.tsx'
import { ProblemNotice } from '../../ui/problem-notice.tsx'
import { SecretOnce } from '../../ui/secret-once.tsx'
import { notify } from '../../ui/toast.ts'
import { mfaQuery } from './queries.ts'
import { codeForm } from './schemas.ts'
import { texts } from './strings.ts'

const offForm = codeForm.extend({ password: GivenPassword })

/** Sets the second factor up or turns it off, beside the profile. Recovery codes are shown once. */
export default function MfaPage() {
  const navigate = useNavigate()
  const queries = useQueryClient()
  const mfa = useQuery(mfaQuery)
  const [codes, setCodes] = useState<readonly string[]>()
  const close = () => void navigate({ to: '/profile' })
  const changed = () => queries.invalidateQueries({ queryKey: mfaQuery.queryKey })
  const show = async (given: readonly string[]) => {
    setCodes(given)
    await changed()
  }
  return (
    <Drawer title={texts.mfa.title} onClose={close} footer={<Button onClick={close}>Close</Button>}>
      {mfa.error && <ProblemNotice problem={mfa.error} onRetry={() => void mfa.refetch()} />}
      {codes && (
        <SecretOnce
          label="Recovery codes"
          secret={codes.join('\n')}
          fileName="recovery-codes.txt"
          hint={texts.mfa.codes}
        />
      )}
      {!codes && mfa.data?.enabled === false && <SetUp onDone={show} />}
      {!codes && mfa.data?.enabled === true && (
        <div className="flex flex-col gap-6">
          <NewCodes onDone={show} />
          <TurnOff
            onDone={async () => {
              await changed()
              notify('The second factor is off')
              close()
            }}
          />
        </div>
      )}
    </Drawer>
  )
}

interface Enrollment {
  secret: string
  qr_svg: string
}

function SetUp({ onDone }: { onDone: (codes: readonly string[]) => Promise<void> }) {
  const [enrollment, setEnrollment] = useState<Enrollment>()
  const [problem, setProblem] = useState<unknown>()
  const form = useSchemaForm({
    schema: codeForm,
    initial: { code: '' },
    onSubmit: async ({ code }) => {
      const { recovery_codes } = await client.call(verifyMfa, { body: { code } })
      await onDone(recovery_codes)
    },
  })
  if (!enrollment) {
    const begin = () => void client.call(enrollMfa).then(setEnrollment, setProblem)
    return (
      <div className="flex flex-col gap-3">
        <p className="text-sm text-ink-muted">{texts.mfa.off}</p>
        {problem !== undefined && <ProblemNotice problem={problem} />}
        <Button kind="primary" onClick={begin}>
          Begin
        </Button>
      </div>
    )
  }
  return (
    <Form form={form} guardUnsaved={false}>
      <p className="text-sm text-ink-muted">{texts.mfa.scan}</p>
      <img
        src={`data:image/svg+xml,${encodeURIComponent(enrollment.qr_svg)}`}
        alt="QR code for an authenticator app"
        className="size-48 self-center rounded-md bg-white"
      />
      <div className="flex items-center gap-2">
        <code className="font-mono text-xs break-all select-all">{enrollment.secret}</code>
        <CopyButton text={enrollment.secret} label="Copy secret" />
      </div>
      <TextField name="code" label="Code" autoComplete="one-time-code" mono autoFocus />
      <Button kind="primary" type="submit" busy={form.busy}>
        Turn on
      </Button>
    </Form>
  )
}

function NewCodes({ onDone }: { onDone: (codes: readonly string[]) => Promise<void> }) {
  const form = useSchemaForm({
    schema: codeForm,
    initial: { code: '' },
    onSubmit: async ({ code }) => {
      const { recovery_codes } = await client.call(renewRecoveryCodes, { body: { code } })
      await onDone(recovery_codes)
    },
  })
  return (
    <section aria-label="New recovery codes">
      <h3 className="mb-2 text-sm font-semibold">New recovery codes</h3>
      <Form form={form} guardUnsaved={false}>
        <TextField
          name="code"
          label="Code"
          autoComplete="one-time-code"
          mono
          hint="The old ones stop working."
        />
        <Button type="submit" busy={form.busy}>
          Replace recovery codes
        </Button>
      </Form>
    </section>
  )
}

function TurnOff({ onDone }: { onDone: () => Promise<void> }) {
  const form = useSchemaForm({
    schema: offForm,
    initial: { code: '', password: '' },
    onSubmit: async (body) => {
      await client.call(disableMfa, { body })
      await onDone()
    },
  })
  return (
    <section aria-label="Turn off">
      <h3 className="mb-2 text-sm font-semibold">Turn off</h3>
      <Form form={form} guardUnsaved={false}>
        <TextField name="password" label="Password" type="password" autoComplete="current-password" />
        <TextField name="code" label="Code or recovery code" autoComplete="one-time-code" mono />
        <Button type="submit" busy={form.busy}>
          Turn off
        </Button>
      </Form>
    </section>
  )
}

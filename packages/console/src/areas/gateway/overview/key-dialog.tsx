import type { GatewayKey } from '@holdfast/contracts/gateway/keys'
import { useState } from 'react'
import { baseUrl } from '../../../lib/base.ts'
import { Button } from '../../../ui/button.tsx'
import { CodeBlock } from '../../../ui/code-block.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { Field } from '../../../ui/field.tsx'
import { Input } from '../../../ui/input.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { SecretOnce } from '../../../ui/secret-once.tsx'
import { Select } from '../../../ui/select.tsx'

export type KeyRequest = { kind: 'create' } | { kind: 'rotate'; key: GatewayKey }

const overlaps = [
  { value: '0', label: 'Nothing: it ends now', hint: 'Gateways that still use it stop serving.' },
  { value: '3600', label: 'An hour' },
  { value: '86400', label: 'A day' },
  { value: '604800', label: 'A week' },
] as const

interface KeyDialogProps {
  request: KeyRequest
  /** Answers the key, which nobody sees again. */
  issue: (label: string, overlapSeconds: number) => Promise<string>
  onClose: () => void
}

/** Asks what a new key needs to know, then shows the key this once. */
export function KeyDialog({ request, issue, onClose }: KeyDialogProps) {
  const [label, setLabel] = useState('')
  const [overlap, setOverlap] = useState<string>('3600')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>()
  const [secret, setSecret] = useState<string>()
  const isNew = request.kind === 'create'

  const send = async () => {
    setBusy(true)
    setProblem(undefined)
    try {
      setSecret(await issue(label, Number(overlap)))
    } catch (thrown) {
      setProblem(thrown)
    } finally {
      setBusy(false)
    }
  }

  if (secret !== undefined) {
    return (
      <Dialog
        open
        size="medium"
        onClose={onClose}
        title="The new gateway key"
        footer={
          <Button kind="primary" onClick={onClose}>
            Done
          </Button>
        }
      >
        <SecretOnce label="Gateway key" secret={secret} fileName="gateway-key.txt" />
        <CodeBlock
          className="mt-3"
          title="Start a gateway with it"
          wrap
          code={`HOLDFAST_GATEWAY_KEY=${secret} npm run gateway -- --server ${baseUrl.href.replace(/\/$/, '')} --port 8080`}
        />
      </Dialog>
    )
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={isNew ? 'New gateway key' : `Rotate the key ${request.key.label}`}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form="gateway-key" busy={busy}>
            {isNew ? 'Create key' : 'Rotate key'}
          </Button>
        </>
      }
    >
      <form
        id="gateway-key"
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          void send()
        }}
      >
        {problem !== undefined && <ProblemNotice problem={problem} />}
        {isNew ? (
          <Field label="Name" hint="Where the gateway runs, to tell keys apart.">
            <Input
              autoFocus
              autoComplete="off"
              required
              maxLength={80}
              value={label}
              onChange={(event) => setLabel(event.target.value)}
            />
          </Field>
        ) : (
          <Field label="The old key still works for" hint="Give the gateways their new one until then.">
            <Select options={overlaps} value={overlap} onChange={setOverlap} />
          </Field>
        )}
      </form>
    </Dialog>
  )
}

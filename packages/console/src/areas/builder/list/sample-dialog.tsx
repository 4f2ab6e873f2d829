import { endpointMethods } from '@holdfast/contracts/builder/endpoints'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { request } from '../../../lib/client.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { createApi } from '../api-plan.ts'
import { sampleApi, sampleRecords } from './sample.ts'

/** Makes a small filled API, so that there is something to look at, change and call. */
export function SampleDialog({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>()

  const create = async () => {
    setBusy(true)
    setProblem(undefined)
    try {
      const made = await createApi({ ...sampleApi, methods: endpointMethods })
      for (const body of sampleRecords) await request({ method: 'POST', path: sampleApi.path, body })
      const reading = made.find((endpoint) => endpoint.method === 'GET')
      if (reading)
        await navigate({
          to: '/build/records/$endpointId',
          params: { endpointId: reading.id },
          replace: true,
        })
    } catch (thrown) {
      setProblem(thrown)
    } finally {
      setBusy(false)
    }
  }

  return (
    <Dialog
      open
      onClose={onClose}
      title="Build an API from sample data?"
      description={
        <>
          You get five endpoints on <span className="font-mono">{sampleApi.path}</span> with{' '}
          {sampleApi.fields.length} fields and {sampleRecords.length} records. Change or delete them as you
          like.
        </>
      }
      footer={
        <>
          <Button onClick={onClose}>Not now</Button>
          <Button kind="primary" busy={busy} onClick={() => void create()}>
            Create it
          </Button>
        </>
      }
    >
      {problem !== undefined && <ProblemNotice problem={problem} />}
    </Dialog>
  )
}

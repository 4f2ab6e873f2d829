import { getDelivery, redeliver, type WebhookAttempt } from '@holdfast/contracts/platform/webhook-deliveries'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { RotateCcw } from 'lucide-react'
import { useState } from 'react'
import { client } from '../../lib/client.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { CodeBlock } from '../../ui/code-block.tsx'
import { Drawer } from '../../ui/drawer.tsx'
import { ProblemNotice } from '../../ui/problem-notice.tsx'
import { notify, notifyProblem } from '../../ui/toast.ts'
import { Duration, ExactTime } from '../../ui/values.tsx'
import { stateWords } from './webhook-delivery-words.ts'
import { webhookRefreshMs } from './webhooks-queries.ts'

/** One delivery: its body, and every request with its answer. */
export default function WebhookDeliveryPage() {
  const { webhookId = '', deliveryId = '' } = useParams({ strict: false })
  const navigate = useNavigate()
  const queries = useQueryClient()
  const [busy, setBusy] = useState(false)
  const params = { id: webhookId, deliveryId }
  const delivery = useQuery({
    queryKey: ['webhooks', 'delivery', deliveryId],
    queryFn: async ({ signal }) => (await client.call(getDelivery, { params }, { signal })).data,
    refetchInterval: webhookRefreshMs,
  })
  const again = async () => {
    setBusy(true)
    try {
      await client.call(redeliver, { params })
      await queries.invalidateQueries({ queryKey: ['webhooks'] })
      notify('Sent again')
    } catch (thrown) {
      notifyProblem(thrown)
    } finally {
      setBusy(false)
    }
  }
  const { data } = delivery
  return (
    <Drawer
      title={data?.event ?? 'Delivery'}
      size="large"
      badge={data && <Badge tone={stateWords[data.state].tone}>{stateWords[data.state].label}</Badge>}
      onClose={() =>
        void navigate({
          to: '/admin/webhooks/$webhookId',
          params: { webhookId },
          search: (previous) => previous,
        })
      }
      footer={
        <Button icon={RotateCcw} busy={busy} onClick={() => void again()}>
          Send again
        </Button>
      }
    >
      {delivery.error && <ProblemNotice problem={delivery.error} />}
      {data && (
        <div className="flex flex-col gap-4">
          <CodeBlock title="Body" wrap code={pretty(data.requestBody)} />
          {data.history.length === 0 && <p className="text-sm text-ink-muted">It has not been tried yet.</p>}
          {data.history.map((attempt, index) => (
            <Attempt key={attempt.id} attempt={attempt} number={data.history.length - index} />
          ))}
        </div>
      )}
    </Drawer>
  )
}

function Attempt({ attempt, number }: { attempt: WebhookAttempt; number: number }) {
  return (
    <section aria-label={`Attempt ${number}`} className="flex flex-col gap-2 border-t border-line pt-3">
      <p className="flex flex-wrap items-center gap-2 text-sm">
        <Badge tone={attempt.error === null ? 'ok' : 'bad'}>{attempt.status ?? 'No answer'}</Badge>
        <ExactTime at={attempt.at} />
        <span className="text-ink-muted">
          took <Duration milliseconds={attempt.duration} />
        </span>
      </p>
      {attempt.error !== null && <p className="text-sm text-bad-ink">{attempt.error}</p>}
      <CodeBlock title="Request headers" wrap code={headerLines(attempt.requestHeaders)} />
      {attempt.responseHeaders && (
        <CodeBlock title="Answer's headers" wrap code={headerLines(attempt.responseHeaders)} />
      )}
      {attempt.responseBody && (
        <CodeBlock
          title={attempt.truncated ? 'Answer (its first 16 KiB)' : 'Answer'}
          wrap
          code={attempt.responseBody}
        />
      )}
    </section>
  )
}

function headerLines(headers: Record<string, string>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n')
}

function pretty(text: string): string {
  return JSON.stringify(JSON.parse(text), null, 2)
}

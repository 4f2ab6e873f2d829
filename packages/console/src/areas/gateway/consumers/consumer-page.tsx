import { rateLimitTiers, type RateLimitTier } from '@holdfast/contracts/gateway/config'
import { type ConsumerEntity, revokeConsumer, updateConsumer } from '@holdfast/contracts/gateway/consumers'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { Ban, ScrollText } from 'lucide-react'
import { useState } from 'react'
import { client } from '../../../lib/client.ts'
import { formatNumber } from '../../../lib/format.ts'
import { Button, buttonClass } from '../../../ui/button.tsx'
import { ConfirmDanger } from '../../../ui/confirm-danger.tsx'
import { Drawer } from '../../../ui/drawer.tsx'
import { Field } from '../../../ui/field.tsx'
import { Select } from '../../../ui/select.tsx'
import { notify, notifyProblem } from '../../../ui/toast.ts'
import { RelativeTime } from '../../../ui/values.tsx'
import { waitingFor } from '../applied.ts'
import { MissingThing } from '../missing-thing.tsx'
import { consumerStatsQuery, consumersQuery, forgetGateway } from '../queries.ts'
import { tierWords } from '../strings.ts'

import { useTenant } from '../use-tenant.ts'
import { ConsumerUsage } from './consumer-usage.tsx'

const tiers = rateLimitTiers.map((value) => ({ value, label: tierWords[value] }))

/** One consumer beside the list: what it uses, its tier, and the end of its key. */
export default function ConsumerPage() {
  const { consumerId } = useParams({ strict: false })
  const { tenantId } = useTenant()
  const navigate = useNavigate()
  const consumers = useQuery(consumersQuery(tenantId))
  const close = () => void navigate({ to: '/gateway/consumers', search: (previous) => previous })
  const consumer = consumers.data?.find(({ id }) => id === consumerId)
  if (!consumer) return <MissingThing what="consumer" loading={consumers.isPending} onClose={close} />
  return <ConsumerDrawer tenantId={tenantId} consumer={consumer} onClose={close} />
}

interface ConsumerDrawerProps {
  tenantId: string
  consumer: ConsumerEntity
  onClose: () => void
}

function ConsumerDrawer({ tenantId, consumer, onClose }: ConsumerDrawerProps) {
  const params = { tenantId, id: consumer.id }
  const [revoking, setRevoking] = useState(false)
  const stats = useQuery(consumerStatsQuery(tenantId, consumer.id))
  const change = async (rateLimitTier: RateLimitTier) => {
    try {
      await client.call(updateConsumer, { params, query: {}, body: { rateLimitTier } })
      await forgetGateway(tenantId)
      notify(`${consumer.name} is ${tierWords[rateLimitTier].toLowerCase()} now`)
    } catch (thrown) {
      notifyProblem(thrown)
    }
  }
  const lately = stats.data?.requests.last24Hours ?? 0
  return (
    <Drawer
      title={consumer.name}
      onClose={onClose}
      footer={
        <>
          <Button kind="quiet" icon={Ban} className="mr-auto" onClick={() => setRevoking(true)}>
            Revoke
          </Button>
          <Link to="/gateway/logs" search={{ consumerId: consumer.id }} className={buttonClass()}>
            <ScrollText aria-hidden className="size-4" />
            Its requests
          </Link>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <p className="text-sm text-ink-muted">
          Created <RelativeTime at={consumer.createdAt} />. Its key is stored as a hash and cannot be shown
          again.
        </p>
        <Field label="Tier" hint="How many requests a minute it has over all routes.">
          <Select options={tiers} value={consumer.rateLimitTier} onChange={(next) => void change(next)} />
        </Field>
        <ConsumerUsage stats={stats.data} problem={stats.error} />
      </div>
      <ConfirmDanger
        open={revoking}
        onClose={() => setRevoking(false)}
        title={`Revoke ${consumer.name}?`}
        consequences={[
          'Every connected gateway refuses its key as soon as it has the change, and it cannot be made valid again.',
          lately === 0
            ? 'It has not called anything in the last 24 hours.'
            : `It made ${formatNumber(lately)} requests in the last 24 hours.`,
        ]}
        typeToConfirm={consumer.name}
        action="Revoke consumer"
        onConfirm={async () => {
          // Only when the gateways have it is the key refused: that is what the person waits for.
          let headers: Headers | undefined
          await client.call(
            revokeConsumer,
            { params, query: { wait: 'applied' } },
            { onHeaders: (received) => (headers = received) },
          )
          notify(`${consumer.name} is revoked`, waitingFor(headers))
          onClose()
          await forgetGateway(tenantId)
        }}
      />
    </Drawer>
  )
}

import { type Endpoint, updateEndpoint } from '@holdfast/contracts/builder/endpoints'
import { Link } from '@tanstack/react-router'
import { ShieldCheck, Table2 } from 'lucide-react'
import { useState } from 'react'
import { classNames } from '../../../lib/class-names.ts'
import { client } from '../../../lib/client.ts'
import { plural } from '../../../lib/format.ts'
import { Badge } from '../../../ui/badge.tsx'
import { Checkbox } from '../../../ui/checkbox.tsx'
import { Switch } from '../../../ui/switch.tsx'
import { notifyProblem } from '../../../ui/toast.ts'
import { Tooltip } from '../../../ui/tooltip.tsx'
import { MethodBadge } from '../method-badge.tsx'
import { forgetEndpoints } from '../queries.ts'
import { accessWords } from '../strings.ts'

export interface EndpointRowProps {
  endpoint: Endpoint
  index: number
  active: boolean
  selected: boolean
  mayManage: boolean
  onFocus: () => void
  onToggle: () => void
  onOpen: () => void
}

const accessTones = { public: 'warn', authenticated: 'neutral', group: 'info' } as const

/** One endpoint in the list. */
export function EndpointRow(props: EndpointRowProps) {
  const { endpoint, selected, mayManage, onOpen } = props
  return (
    <li
      data-row={props.index}
      tabIndex={props.active ? 0 : -1}
      onFocus={props.onFocus}
      onClick={(event) => isPlainClick(event) && onOpen()}
      className={classNames(
        'flex min-h-9 items-center gap-3 border-b border-line px-3 py-1 last:border-b-0 hover:bg-hover focus-visible:-outline-offset-2 max-sm:flex-wrap max-sm:gap-y-1 max-sm:py-2',
        selected && 'bg-accent-soft hover:bg-accent-soft',
        !endpoint.enabled && 'text-ink-subtle',
      )}
    >
      {mayManage && (
        <Checkbox
          aria-label={`Select ${endpoint.method} ${endpoint.path}`}
          tabIndex={-1}
          checked={selected}
          onCheckedChange={props.onToggle}
        />
      )}
      <MethodBadge method={endpoint.method} />
      <Link
        to="/build/endpoints/$endpointId"
        params={{ endpointId: endpoint.id }}
        className="min-w-0 flex-1 truncate sm:flex-none sm:basis-[38%]"
      >
        <span className="font-mono text-xs">{endpoint.path}</span>
      </Link>
      {/* On a phone the row has two lines; what follows the break stands on the second. */}
      <span aria-hidden className="order-1 basis-full sm:hidden" />
      <span className="min-w-0 flex-1 truncate text-ink-muted max-sm:order-2">{endpoint.name}</span>
      {endpoint.networkAccess.enabled && (
        <Tooltip text="Only from certain domains or addresses">
          <span tabIndex={-1} className="flex max-sm:order-3">
            <ShieldCheck aria-label="Has network rules" className="size-4 text-ink-subtle" />
          </span>
        </Tooltip>
      )}
      <span className="flex max-sm:order-4">
        <Badge tone={accessTones[endpoint.accessType]}>{accessWords[endpoint.accessType].label}</Badge>
      </span>
      <span className="w-24 text-right text-xs text-ink-subtle tabular-nums max-lg:hidden">
        {plural(endpoint.callCount, 'call')}
      </span>
      {!endpoint.isSystem && (
        <span className="flex items-center gap-3 max-sm:ml-auto">
          <Link
            to="/build/records/$endpointId"
            params={{ endpointId: endpoint.id }}
            aria-label={`Records of ${endpoint.path}`}
            tabIndex={-1}
            className="flex size-7 items-center justify-center rounded-md text-ink-subtle hover:bg-hover hover:text-ink"
          >
            <Table2 aria-hidden className="size-4" />
          </Link>
          <EnabledSwitch endpoint={endpoint} disabled={!mayManage} />
        </span>
      )}
    </li>
  )
}

/** Whether the endpoint answers; turning it off takes effect within a second, on every replica. */
export function EnabledSwitch({ endpoint, disabled }: { endpoint: Endpoint; disabled: boolean }) {
  const [busy, setBusy] = useState(false)
  const change = async (enabled: boolean) => {
    setBusy(true)
    try {
      await client.call(updateEndpoint, { params: { id: endpoint.id }, body: { enabled } })
      await forgetEndpoints()
    } catch (thrown) {
      notifyProblem(thrown)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Switch
      aria-label={`${endpoint.method} ${endpoint.path} is on`}
      checked={endpoint.enabled}
      disabled={disabled || busy}
      onCheckedChange={(enabled) => void change(enabled)}
    />
  )
}

/** A click on the row itself, not on a control inside it, and not the end of selecting text. */
function isPlainClick(event: React.MouseEvent): boolean {
  const onControl =
    event.target instanceof Element &&
    event.target.closest('a, button, input, label, [role="checkbox"], [role="switch"]')
  return !onControl && !window.getSelection()?.toString()
}

import { gatewayMethods } from '@holdfast/contracts/gateway/config'
import { createRouteMatcher } from '@holdfast/contracts/gateway/match/find-route'
import type { RouteEntity } from '@holdfast/contracts/gateway/routes'
import { Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { Input } from '../../../ui/input.tsx'
import { Section } from '../../../ui/page.tsx'
import { Select } from '../../../ui/select.tsx'
import { MethodBadge } from '../method-badge.tsx'
import { readTestAddress } from './test-address.ts'

const methods = gatewayMethods
  .filter((method) => method !== 'ANY')
  .map((value) => ({ value: value as string, label: value }))

interface MatchTesterProps {
  routes: readonly RouteEntity[]
  serviceNames: ReadonlyMap<string, string> | undefined
}

/** "Which route would answer this?", asked of the matcher that gateways use themselves. */
export function MatchTester({ routes, serviceNames }: MatchTesterProps) {
  const [method, setMethod] = useState('GET')
  const [address, setAddress] = useState('')
  const match = useMemo(() => createRouteMatcher(routes.filter(({ enabled }) => enabled)), [routes])
  return (
    <Section title="Which route would answer this?">
      <div className="flex flex-wrap items-center gap-2">
        <Select
          aria-label="Method of the request"
          className="w-28"
          options={methods}
          value={method}
          onChange={setMethod}
        />
        <Input
          mono
          aria-label="Address of the request"
          placeholder="/orders/7 or https://api.example.com/orders/7"
          className="min-w-0 flex-1 basis-60"
          autoComplete="off"
          spellCheck={false}
          value={address}
          onChange={(event) => setAddress(event.target.value)}
        />
      </div>
      <div aria-live="polite" className="mt-2 min-h-6 text-sm text-ink-muted">
        <Answer {...{ match, method, address, serviceNames }} />
      </div>
    </Section>
  )
}

interface AnswerProps {
  match: ReturnType<typeof createRouteMatcher<RouteEntity>>
  method: string
  address: string
  serviceNames: ReadonlyMap<string, string> | undefined
}

function Answer({ match, method, address, serviceNames }: AnswerProps) {
  if (address.trim() === '') return 'Type a path. Routes that are off take no part.'
  const { host, path } = readTestAddress(address)
  const found = match(method, host, path)
  if (found === 'refused')
    return 'The gateway refuses this path with 400: servers read it in different ways, for example because of “..” or “//”.'
  if (found === null) return 'None: the gateway answers 404.'
  const { route } = found
  const service = serviceNames?.get(route.serviceId)
  return (
    <span className="flex flex-wrap items-center gap-2">
      <Link
        to="/gateway/routes/$routeId"
        params={{ routeId: route.id }}
        className="flex items-center gap-2 text-ink underline underline-offset-2"
      >
        <MethodBadge method={route.method} />
        <span className="font-mono text-xs">
          {route.host}
          {route.pathPattern}
        </span>
      </Link>
      {service === undefined ? 'answers, but its service is gone: 404.' : `answers, and asks ${service}.`}
      {route.authRequired && ' It wants a key.'}
    </span>
  )
}

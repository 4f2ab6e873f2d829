import type { HealthSnapshot, MetricsPeriod } from '@holdfast/contracts/gateway/analytics'
import type { RateLimitTier } from '@holdfast/contracts/gateway/config'
import type { Tone } from '../../ui/badge.tsx'

/** The words of this area; one place to translate. */
export const tierWords: Record<RateLimitTier, string> = {
  free: 'Free',
  authenticated: 'Authenticated',
  premium: 'Premium',
  unlimited: 'Unlimited',
}

export const healthWords: Record<HealthSnapshot['status'], { label: string; tone: Tone }> = {
  healthy: { label: 'Healthy', tone: 'ok' },
  degraded: { label: 'Degraded', tone: 'warn' },
  unhealthy: { label: 'Unhealthy', tone: 'bad' },
  unknown: { label: 'Not checked', tone: 'neutral' },
}

export const periodWords: Record<MetricsPeriod, string> = {
  '1h': 'Last hour',
  '24h': 'Last 24 hours',
  '7d': 'Last 7 days',
}

/** What a gateway calls its refusals, in words. */
export const errorWords: Record<string, string> = {
  AMBIGUOUS_PATH: 'Path refused: servers read it in different ways',
  BAD_REQUEST: 'Malformed request',
  CLIENT_CLOSED: 'Client left before the answer',
  DOWNSTREAM_ERROR: 'Service could not be reached or broke off',
  DOWNSTREAM_TIMEOUT: 'Service took too long',
  EXPECTATION_FAILED: 'Unknown expectation',
  HEADERS_TOO_LARGE: 'Headers too large',
  IP_RESTRICTED: 'Address not allowed',
  RATE_LIMIT_EXCEEDED: 'Over the limit',
  REQUEST_TIMEOUT: 'The request did not arrive in time',
  REQUEST_TOO_LARGE: 'Body too large',
  ROUTE_NOT_FOUND: 'No route takes this request',
  SERVICE_NOT_FOUND: 'The route’s service is gone',
  SERVICE_UNAVAILABLE: 'No target of the service can take it',
  TOKEN_EXPIRED: 'Token has expired',
  TOKEN_INVALID: 'No valid key or token',
}

export const texts = {
  overview:
    'What the gateways of this organization answer, how fast, and whether each has the newest configuration.',
  services: 'A service is what answers behind the gateway: one address, or several that share the load.',
  routes: 'A route says which requests the gateway takes, what it asks of them, and where they go.',
  consumers: 'A consumer is an application that calls your routes, with a key and a limit of its own.',
  logs: 'Every request that a gateway answered, without query strings and bodies.',
  errors: 'What went wrong at the gateways and is not dealt with yet.',
  health: 'Each gateway asks every service at its health path. This is what it found last.',
  map: 'Which requests go where, and whether anybody is there.',
  settings: 'What holds for all routes of this organization. A route may be stricter.',
  import: 'Take a service and its routes over from an OpenAPI document. You see the difference first.',
} as const

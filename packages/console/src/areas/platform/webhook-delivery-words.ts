import type { WebhookDelivery } from '@holdfast/contracts/platform/webhook-deliveries'
import type { Tone } from '../../ui/badge.tsx'

export const stateWords: Record<WebhookDelivery['state'], { label: string; tone: Tone }> = {
  pending: { label: 'Waiting', tone: 'info' },
  success: { label: 'Delivered', tone: 'ok' },
  failed: { label: 'Failed', tone: 'bad' },
}

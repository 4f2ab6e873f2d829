import { randomBytes } from 'node:crypto'
import type { Envelope } from '@holdfast/kernel/crypto/envelope'
import { sealedColumns } from '../../../sealing/columns.ts'

const secretPurpose = sealedColumns.webhookSecret.purpose
const headersPurpose = sealedColumns.webhookHeaders.purpose

/** As Standard Webhooks has it: a mark, and random bytes in base64. */
export function newSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`
}

export function sealSecret(envelope: Pick<Envelope, 'seal'>, secret: string): string {
  return envelope.seal(secret, secretPurpose)
}

export function openSecret(envelope: Pick<Envelope, 'open'>, sealed: string): string {
  return envelope.open(sealed, secretPurpose)
}

export function sealHeaders(envelope: Pick<Envelope, 'seal'>, headers: Record<string, string>): string {
  return envelope.seal(JSON.stringify(headers), headersPurpose)
}

export function openHeaders(envelope: Pick<Envelope, 'open'>, sealed: string): Record<string, string> {
  return JSON.parse(envelope.open(sealed, headersPurpose)) as Record<string, string>
}

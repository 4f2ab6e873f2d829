import type { PluginConfig } from '@holdfast/contracts/platform/plugins'
import type { Envelope } from '@holdfast/kernel/crypto/envelope'
import { sealedColumns } from '../../../sealing/columns.ts'

const secretPurpose = sealedColumns.pluginSecret.purpose
const configPurpose = sealedColumns.pluginConfig.purpose

/** What signs everything that is sent to a plugin. */
export function sealPluginSecret(envelope: Pick<Envelope, 'seal'>, secret: string): string {
  return envelope.seal(secret, secretPurpose)
}

export function openPluginSecret(envelope: Pick<Envelope, 'open'>, sealed: string): string {
  return envelope.open(sealed, secretPurpose)
}

export function sealConfig(envelope: Pick<Envelope, 'seal'>, config: PluginConfig): string {
  return envelope.seal(JSON.stringify(config), configPurpose)
}

export function openConfig(envelope: Pick<Envelope, 'open'>, sealed: string): PluginConfig {
  return JSON.parse(envelope.open(sealed, configPurpose)) as PluginConfig
}

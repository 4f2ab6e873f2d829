import type { Tables } from '../tables.ts'

/**
 * Every column that holds sealed values (see `Envelope`), with what they are sealed for. The modules take their purposes
 * from here, so that a column which is missing cannot be sealed; a test looks for columns and callers that are not
 * listed. `holdfast rewrap` puts all of them under the present master key.
 */
export const sealedColumns = {
  auditKey: column('audit_keys', 'public_key_sealed', ['key_id'], 'audit public key'),
  backupPassphrase: column('backups', 'passphrase_sealed', ['id'], 'backup passphrase'),
  codeSecret: column('code_secrets', 'value', ['name'], (name) => `code_secrets.${name}`),
  configBefore: column('config_history', 'old_sealed', ['key', 'version'], 'config value'),
  configAfter: column('config_history', 'new_sealed', ['key', 'version'], 'config value'),
  pluginConfig: column('plugins', 'config_sealed', ['id'], 'plugin configuration'),
  pluginSecret: column('plugins', 'secret_sealed', ['id'], 'plugin secret'),
  setting: column('settings', 'sealed', ['name'], 'config value'),
  signingKey: column('signing_keys', 'private_key_sealed', ['id'], 'identity.signing_key'),
  secondFactor: column('user_mfa', 'secret_sealed', ['user_id'], 'mfa secret'),
  webhookHeaders: column('webhooks', 'headers_sealed', ['id'], 'webhook headers'),
  webhookPreviousSecret: column('webhooks', 'previous_secret_sealed', ['id'], 'webhook secret'),
  webhookSecret: column('webhooks', 'secret_sealed', ['id'], 'webhook secret'),
} as const

export interface SealedColumn<Purpose = string | ((key: string) => string)> {
  table: keyof Tables
  column: string
  /** The columns of the primary key. */
  key: readonly [string, ...string[]]
  /** What the values are sealed for; where each has its own purpose, made from the first column of the key. */
  purpose: Purpose
}

function column<T extends keyof Tables, Purpose extends string | ((key: string) => string)>(
  table: T,
  name: keyof Tables[T] & string,
  key: readonly [keyof Tables[T] & string, ...(keyof Tables[T] & string)[]],
  purpose: Purpose,
): SealedColumn<Purpose> {
  return { table, column: name, key, purpose }
}

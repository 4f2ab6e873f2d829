import { passphraseIdentity, passphraseRecipient } from './passphrase.ts'

/** Loaded by the first backup that is closed or opened: its cryptography takes seven megabytes. */
const loadAge = () => import('age-encryption')

/** What closes a backup: nothing, a passphrase, or the public key (`age1…`) of whoever may open it. */
export type BackupLock =
  | { kind: 'none' }
  | { kind: 'passphrase'; passphrase: string }
  | { kind: 'recipient'; recipient: string }

/** What opens one: a passphrase, or a secret key (`AGE-SECRET-KEY-1…`). */
export type BackupKey = { passphrase: string } | { identity: string } | null

/** The age file format (C2SP age-encryption.org/v1), so that the `age` command opens it as well. */
export interface Encryption {
  encrypt(stream: ReadableStream<Uint8Array>): Promise<ReadableStream<Uint8Array>>
  /** Opens what was just written, so that it can be verified although only the recipient may open it later. */
  key: BackupKey
}

/**
 * For a recipient the file is closed for one more key, which is made here and forgotten with this object: that is how a
 * backup is read again right after it was written.
 */
export async function createEncryption(lock: BackupLock): Promise<Encryption | null> {
  if (lock.kind === 'none') return null
  const { Encrypter, generateX25519Identity, identityToRecipient } = await loadAge()
  const encrypter = new Encrypter()
  if (lock.kind === 'passphrase') {
    encrypter.addRecipient(passphraseRecipient(lock.passphrase))
    return { encrypt: (stream) => encrypter.encrypt(stream), key: { passphrase: lock.passphrase } }
  }
  const identity = await generateX25519Identity()
  encrypter.addRecipient(lock.recipient)
  encrypter.addRecipient(await identityToRecipient(identity))
  return { encrypt: (stream) => encrypter.encrypt(stream), key: { identity } }
}

/** Throws when the key is of the wrong form or does not open it. */
export async function decrypt(
  stream: ReadableStream<Uint8Array>,
  key: NonNullable<BackupKey>,
): Promise<ReadableStream<Uint8Array>> {
  const { Decrypter } = await loadAge()
  const decrypter = new Decrypter()
  if ('passphrase' in key) decrypter.addIdentity(passphraseIdentity(key.passphrase))
  else decrypter.addIdentity(key.identity)
  return decrypter.decrypt(stream)
}

/** Whether this names somebody a file can be closed for. */
export async function isRecipient(text: string): Promise<boolean> {
  const { Encrypter } = await loadAge()
  try {
    new Encrypter().addRecipient(text)
    return true
  } catch {
    return false
  }
}

/** A secret key is one by its form; everything else is a passphrase. */
export function keyOf(text: string): NonNullable<BackupKey> {
  return /^AGE-SECRET-KEY-/i.test(text) ? { identity: text.trim() } : { passphrase: text }
}

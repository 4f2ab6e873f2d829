import type { Database } from '@holdfast/database/database'
import type { Clock } from '@holdfast/kernel/clock'
import type { Envelope } from '@holdfast/kernel/crypto/envelope'
import type { Ids } from '@holdfast/kernel/id'
import type { PublicKey } from '@holdfast/contracts/identity/jwks'
import { type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose'
import { type Context, systemContext } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import { sealedColumns } from '../../../sealing/columns.ts'
import type { SigningKeyRow, SigningKeysRepo } from './repo.ts'

/** EdDSA with Ed25519 (RFC 8037). */
export const signingAlgorithm = 'EdDSA'

/**
 * The keys that sign tokens. Of those whose time has come the newest signs; all are published, so that a token of the
 * key before stays good until it ends, and a verifier that read the list a while ago already knows the key after.
 * Private keys are sealed with the master key. Every replica reads the list again when another one has changed it.
 */
export interface SigningKeys {
  current(): Promise<{ id: string; privateKey: CryptoKey }>
  /** The public key with this id; undefined when there is none (any more). */
  find(id: string): Promise<CryptoKey | undefined>
  /** RFC 7517 §5, public halves only. */
  publicKeys(): Promise<{ keys: PublicKey[] }>
  /** Makes the next key; it signs once every verifier can have read it. Answers its id. */
  rotate(ctx: Context): Promise<string>
  /** Rotates when the newest key is older than a quarter of a year. */
  rotateWhenDue(ctx: Context): Promise<void>
  /** Reads the list again at its next use. */
  forget(): void
}

/** How long verifiers may keep the list, and therefore how long a new key waits before it signs. */
export const publishedAheadMs = 10 * 60_000
/** The longest life of a token, with a margin: so long a key stays published after the next one has taken over. */
const keptAfterwardsMs = 8 * 24 * 3_600_000
const rotatedAfterMs = 90 * 24 * 3_600_000
/** An unknown key id makes the list be read again, but not more often than this. */
const rereadMs = 1_000
const sealPurpose = sealedColumns.signingKey.purpose

interface Needs {
  repo: SigningKeysRepo
  database: Pick<Database<Tables>, 'transaction' | 'notify'>
  envelope: Envelope
  clock: Clock
  ids: Ids
  /** Tells the other replicas, in the transaction. */
  announce: (ctx: Context) => Promise<void>
}

export function createSigningKeys({ repo, database, envelope, clock, ids, announce }: Needs): SigningKeys {
  let rows: Promise<SigningKeyRow[]> | undefined
  let readMs = 0
  const imported = new Map<string, Promise<CryptoKey>>()

  function list(): Promise<SigningKeyRow[]> {
    if (rows === undefined) {
      readMs = clock.nowMs()
      const reading = read()
      rows = reading
      reading.catch(() => {
        if (rows === reading) rows = undefined
      })
    }
    return rows
  }

  async function read(): Promise<SigningKeyRow[]> {
    const known = await repo.list({}, clock.now())
    if (known.some(isActive)) return known
    return database.transaction(systemContext('signing keys'), async (tx) => {
      await repo.lock(tx)
      const meanwhile = await repo.list(tx, clock.now())
      if (!meanwhile.some(isActive)) await repo.insert(tx, await makeKey(clock.now()), clock.now())
      return repo.list(tx, clock.now())
    })
  }

  function isActive(row: SigningKeyRow): boolean {
    return Date.parse(row.activeFrom) <= clock.nowMs()
  }

  function isKept({ retiresAt }: SigningKeyRow): boolean {
    return retiresAt === null || Date.parse(retiresAt) > clock.nowMs()
  }

  async function makeKey(activeFrom: Date): Promise<SigningKeyRow> {
    const { publicKey, privateKey } = await generateKeyPair(signingAlgorithm, {
      crv: 'Ed25519',
      extractable: true,
    })
    const id = ids.uuid()
    const { x = '' } = await exportJWK(publicKey)
    return {
      id,
      publicKey: { kty: 'OKP', crv: 'Ed25519', x, kid: id, alg: signingAlgorithm, use: 'sig' },
      privateKeySealed: envelope.seal(JSON.stringify(await exportJWK(privateKey)), sealPurpose),
      activeFrom: activeFrom.toISOString(),
      retiresAt: null,
    }
  }

  function importOnce(name: string, key: () => JWK): Promise<CryptoKey> {
    const known = imported.get(name) ?? (importJWK(key(), signingAlgorithm) as Promise<CryptoKey>)
    imported.set(name, known)
    return known
  }

  async function findRow(id: string): Promise<SigningKeyRow | undefined> {
    const found = (await list()).find((row) => row.id === id)
    if (found !== undefined || clock.nowMs() - readMs < rereadMs) return found
    rows = undefined
    return (await list()).find((row) => row.id === id)
  }

  async function rotate(ctx: Context): Promise<string> {
    await repo.lock(ctx)
    const activeFrom = new Date(clock.nowMs() + publishedAheadMs)
    const key = await makeKey(activeFrom)
    await repo.removeRetired(ctx, clock.now())
    await repo.insert(ctx, key, clock.now())
    await repo.retireOthers(ctx, key.id, new Date(activeFrom.getTime() + keptAfterwardsMs))
    await announce(ctx)
    return key.id
  }

  return {
    async current() {
      const row = (await list()).find(isActive)
      if (row === undefined) throw new Error('There is no key to sign with.')
      const privateKey = await importOnce(`private ${row.id}`, () =>
        JSON.parse(envelope.open(row.privateKeySealed, sealPurpose)),
      )
      return { id: row.id, privateKey }
    },

    async find(id) {
      const row = await findRow(id)
      if (row === undefined || (row.retiresAt !== null && Date.parse(row.retiresAt) <= clock.nowMs()))
        return undefined
      return importOnce(`public ${row.id}`, () => row.publicKey)
    },

    publicKeys: async () => ({ keys: (await list()).filter(isKept).map(({ publicKey }) => publicKey) }),

    rotate: (ctx) => database.transaction(ctx, rotate),

    rotateWhenDue: (ctx) =>
      database.transaction(ctx, async (tx) => {
        await repo.lock(tx)
        const [newest] = await repo.list(tx, clock.now())
        if (newest !== undefined && Date.parse(newest.activeFrom) + rotatedAfterMs <= clock.nowMs())
          await rotate(tx)
      }),

    forget() {
      rows = undefined
      imported.clear()
    },
  }
}

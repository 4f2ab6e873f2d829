import type { AuditVerdict, ChainVerdict } from '@holdfast/contracts/platform/audit'
import type { Operation } from '@holdfast/contracts/platform/operations'
import type { Database } from '@holdfast/database/database'
import type { Clock } from '@holdfast/kernel/clock'
import { verifySignature } from '@holdfast/kernel/crypto/signing'
import type { Ids } from '@holdfast/kernel/id'
import type { Context } from '../../../../context.ts'
import type { Tables } from '../../../../tables.ts'
import type { OperationHandler, Operations } from '../../../../work/operations/service.ts'
import { organizationOf } from '../checkpoints/rules.ts'
import type { Checkpoints } from '../checkpoints/service.ts'
import type { AuditKeys, PublicAuditKey } from '../keys/service.ts'
import type { AuditRepo } from '../repo.ts'
import { platformChainId } from '../rules.ts'
import { segmentText } from '../segments/rules.ts'
import type { Segments } from '../segments/service.ts'
import { type Checkpoint, chainStart, faultSentence, walkChain } from '../verify.ts'
import type { VerdictsRepo } from './repo.ts'

/** Verification: every chain, walked from its beginning (or from its last seal) and compared with the signed heads. */
export interface Verification {
  /** Verifies now when that takes about a second; else starts an operation whose result is the verdict. */
  verify(ctx: Context): Promise<AuditVerdict | Operation>
  run(ctx: Context, progress?: (done: number, total: number) => void): Promise<AuditVerdict>
  latest(ctx: Context): Promise<AuditVerdict[]>
  operation: OperationHandler
}

interface Needs {
  repo: VerdictsRepo
  entries: Pick<AuditRepo, 'chains' | 'readChain' | 'headOf'>
  checkpoints: Pick<Checkpoints, 'trusted'>
  keys: Pick<AuditKeys, 'trusted'>
  segments: Pick<Segments, 'list'>
  operations: Pick<Operations, 'start'>
  database: Pick<Database<Tables>, 'transaction'>
  clock: Clock
  ids: Ids
}

const atOnceMax = 50_000
const latestMax = 20

export function createVerification(needs: Needs): Verification {
  const { repo, entries, checkpoints, keys, segments, operations, database, clock, ids } = needs

  async function verifyChain(
    ctx: Context,
    chainId: string,
    trusted: readonly Checkpoint[],
    signers: readonly PublicAuditKey[],
    walked: (entries: number) => void,
  ): Promise<ChainVerdict> {
    const sealed = await segments.list(ctx, chainId)
    const seal = sealed.at(-1)
    const forged = sealed.find((segment) => {
      const signer = signers.find(({ keyId }) => keyId === segment.keyId)
      return (
        signer === undefined || !verifySignature(signer.publicKey, segmentText(segment), segment.signature)
      )
    })
    const start =
      seal === undefined ? chainStart : { sequence: seal.toSequence, hash: Buffer.from(seal.lastHash, 'hex') }
    // Read before the walk: what is appended meanwhile is beyond it and is not missed.
    const head = await entries.headOf(chainId)
    const known = head === undefined ? trusted : [...trusted, { sequence: head.sequence, hash: head.head }]
    const walk = await walkChain(entries.readChain(chainId, start.sequence), known, start, walked)
    const facts = {
      organizationId: organizationOf(chainId),
      entries: walk.entries,
      sealed: start.sequence,
      head_hash: walk.head.toString('hex'),
      checkpoints: trusted.length,
    }
    if (forged !== undefined)
      return {
        ...facts,
        valid: false,
        first_invalid_seq: forged.fromSequence,
        fault: 'rewritten',
        error: `The seal of entries ${forged.fromSequence} to ${forged.toSequence} was signed by none of the servers' keys.`,
      }
    return {
      ...facts,
      valid: walk.fault === null,
      first_invalid_seq: walk.fault?.sequence ?? null,
      fault: walk.fault?.kind ?? null,
      error: walk.fault === null ? null : faultSentence(walk.fault),
    }
  }

  async function run(ctx: Context, progress: (done: number, total: number) => void = () => {}) {
    const startedMs = performance.now()
    const total = await repo.entryCount(ctx)
    const trusted = await checkpoints.trusted(ctx)
    const signers = await keys.trusted(ctx)
    const chains: ChainVerdict[] = []
    // A chain whose rows are all gone is still known by its checkpoints.
    const noted = [...trusted.keys()].map((organizationId) => organizationId ?? platformChainId)
    let before = 0
    for (const chainId of new Set([...(await entries.chains()), ...noted])) {
      const heads = trusted.get(organizationOf(chainId)) ?? []
      const verdict = await verifyChain(ctx, chainId, heads, signers, (done) => {
        ctx.signal.throwIfAborted()
        progress(before + done, Math.max(total, before + done))
      })
      before += verdict.entries
      chains.push(verdict)
    }
    const bad = chains.find(({ valid }) => !valid)
    const verdict: AuditVerdict = {
      valid: bad === undefined,
      entries: before,
      head_hash: chains.find(({ organizationId }) => organizationId === null)?.head_hash ?? '',
      first_invalid_seq: bad?.first_invalid_seq ?? null,
      error: bad?.error ?? null,
      verifiedAt: clock.now().toISOString(),
      durationMs: Math.round(performance.now() - startedMs),
      chains,
    }
    await repo.insert(ctx, ids.uuid(), verdict)
    return verdict
  }

  const operation: OperationHandler = {
    name: 'audit.verify',
    async run(ctx, running) {
      return { ...(await run(ctx, (done, total) => running.progress(done, total))) }
    },
  }

  return {
    run,
    operation,
    latest: (ctx) => repo.list(ctx, latestMax),
    async verify(ctx) {
      if ((await repo.entryCount(ctx)) <= atOnceMax) return run(ctx)
      return database.transaction(ctx, (tx) =>
        operations.start(tx, {
          kind: operation.name,
          input: {},
          target: { type: 'audit_chain', id: null },
        }),
      )
    },
  }
}

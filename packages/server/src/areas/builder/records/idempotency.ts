import { createHash } from 'node:crypto'
import { problem } from '@holdfast/contracts/problems'
import { clientNetwork } from '@holdfast/kernel/client-network'
import type { Clock } from '@holdfast/kernel/clock'
import type { Viewer } from './admission.ts'
import { type Answer, type Call, json } from './call.ts'
import type { Lane, Lanes } from './repo/lanes.ts'
import type { Plan } from './plan.ts'
import { inTransaction } from './repo/transaction.ts'

/**
 * Creates that carry an Idempotency-Key happen once: the key is written in the transaction of the records, together with
 * the answer. A repeated request gets that answer again; one with another body is refused. Two at the same moment: the
 * second waits for the first. Keys belong to the endpoint and the caller, and are kept for a day.
 *
 * Callers without a credential are told apart by their address: a key of one must not answer with the record of another.
 * Those behind one address share their keys, and one whose address changes has new ones, so such a client should choose
 * keys at random.
 */
export interface Idempotency {
  /** Null when the call carries none. Throws records.idempotency_key_invalid. */
  readKey(call: Call): string | null
  /** Throws records.idempotency_key_reused. `work` writes on the lane it is given. */
  once(
    request: { plan: Plan; viewer: Viewer; ip: string; key: string; text: string },
    work: (lane: Lane) => Promise<Answer>,
  ): Promise<Answer>
  /** Forgets keys that are over; answers how many. */
  sweep(lane: Lane): Promise<number>
}

const keptMs = 24 * 60 * 60 * 1_000

export function createIdempotency({
  writes,
  clock,
  onWrite,
}: {
  writes: Lanes
  clock: Clock
  onWrite: (collection: { id: string }) => void
}): Idempotency {
  const oldest = () => new Date(clock.nowMs() - keptMs).toISOString()

  return {
    readKey(call) {
      const key = call.header('idempotency-key')
      if (key === undefined) return null
      if (!/^[\x21-\x7e]{1,255}$/.test(key)) throw problem('records.idempotency_key_invalid')
      return key
    },

    async once({ plan, viewer, ip, key, text }, work) {
      const { actor } = viewer
      const caller = actor.kind === 'user' ? actor.userId : `anonymous ${clientNetwork(ip)}`
      const hash = createHash('sha256').update(text).digest('base64')
      const identity = [plan.endpoint.id, caller, key]
      const { answer, isNew } = await writes.use((lane) =>
        inTransaction(lane, async () => {
          const taken = await lane.run(
            {
              name: 'take_idempotency_key',
              text: `insert into record_idempotency_keys as k (endpoint_id, caller, key, request_hash, status, answer, created_at)
                values ($1, $2, $3, $4, 0, '', $5)
                on conflict (endpoint_id, caller, key) do update
                set request_hash = excluded.request_hash, created_at = excluded.created_at where k.created_at < $6
                returning 1`,
            },
            [...identity, hash, clock.now().toISOString(), oldest()],
          )
          if (taken.count === 0) return { answer: await replay(lane, identity, hash), isNew: false }
          const fresh = await work(lane)
          await lane.run(
            {
              name: 'keep_idempotent_answer',
              text: 'update record_idempotency_keys set status = $4, answer = $5 where endpoint_id = $1 and caller = $2 and key = $3',
            },
            [...identity, fresh.status, JSON.stringify([fresh.headers, fresh.body])],
          )
          return { answer: fresh, isNew: true }
        }),
      )
      if (isNew) onWrite(plan.endpoint.collection)
      return answer
    },

    async sweep(lane) {
      const { count } = await lane.run(
        { text: 'delete from record_idempotency_keys where created_at < $1' },
        [oldest()],
      )
      return count
    },
  }
}

async function replay(lane: Lane, identity: string[], hash: string): Promise<Answer> {
  const { rows } = await lane.run(
    {
      name: 'read_idempotent_answer',
      text: 'select request_hash, status, answer from record_idempotency_keys where endpoint_id = $1 and caller = $2 and key = $3',
    },
    identity,
  )
  const [storedHash, status, text] = rows[0] ?? []
  if (storedHash !== hash) throw problem('records.idempotency_key_reused')
  const [headers, body] = JSON.parse(text ?? '[[],null]') as [string[], string | null]
  return json(Number(status), body ?? '', [...headers, 'idempotency-replayed', 'true'])
}

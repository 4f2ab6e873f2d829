import type { Problem } from '@holdfast/contracts/kit/problem'
import { problem } from '@holdfast/contracts/problems'
import { clientNetwork } from '@holdfast/kernel/client-network'
import type { Clock } from '@holdfast/kernel/clock'
import { LRUCache } from 'lru-cache'

/** Who may open a link: a guesser of keys is slowed down, and links without a key cannot fill the server. */
export interface Admission {
  refusal(ip: string): Problem | null
  /** A link is open and has shown no key yet; call the answer when it has, or is gone. */
  begin(ip: string): () => void
  failed(ip: string): void
}

const failuresMax = 10
const windowMs = 60_000
const addressesMax = 100_000
const waitingMax = 2_000
const waitingOfOneAddressMax = 250

export function createAdmission({ clock }: { clock: Clock }): Admission {
  const failures = new LRUCache<string, { count: number; untilMs: number }>({ max: addressesMax })
  const waiting = new Map<string, number>()
  let total = 0

  return {
    refusal(address) {
      const ip = clientNetwork(address)
      const known = failures.get(ip)
      if (known !== undefined && known.count >= failuresMax && known.untilMs > clock.nowMs())
        return problem('request.limited', {
          sentence: 'Too many gateway keys that are not valid came from this address. Try again in a minute.',
          retryAfterSeconds: Math.ceil((known.untilMs - clock.nowMs()) / 1_000),
        })
      if (total >= waitingMax || (waiting.get(ip) ?? 0) >= waitingOfOneAddressMax)
        return problem('request.limited', {
          sentence: 'Too many links are waiting to show their key. Try again in a few seconds.',
          retryAfterSeconds: 5,
        })
      return null
    },

    begin(address) {
      const ip = clientNetwork(address)
      total += 1
      waiting.set(ip, (waiting.get(ip) ?? 0) + 1)
      let isOver = false
      return () => {
        if (isOver) return
        isOver = true
        total -= 1
        const rest = (waiting.get(ip) ?? 1) - 1
        if (rest === 0) waiting.delete(ip)
        else waiting.set(ip, rest)
      }
    },

    failed(address) {
      const ip = clientNetwork(address)
      const known = failures.get(ip)
      if (known !== undefined && known.untilMs > clock.nowMs()) known.count += 1
      else failures.set(ip, { count: 1, untilMs: clock.nowMs() + windowMs })
    },
  }
}

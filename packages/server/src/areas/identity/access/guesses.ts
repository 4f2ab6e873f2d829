import { problem } from '@holdfast/contracts/problems'
import { clientNetwork } from '@holdfast/kernel/client-network'
import type { Clock } from '@holdfast/kernel/clock'
import { LRUCache } from 'lru-cache'

/**
 * Credentials that are worth nothing, counted by the network they come from, in memory. Looking at a credential that
 * nobody has shown before costs a query or a signature, so that beyond the limit it is refused unseen; whoever has been
 * let in before goes on.
 */
export interface Guesses {
  /** Counts a look at a credential that is not known; the answer takes it back. Throws request.limited. */
  begin(ip: string): () => void
}

export interface GuessRule {
  guessesMax: number
  windowMs: number
}

const networksMax = 100_000

export function createGuesses({ clock, rule }: { clock: Clock; rule: () => GuessRule }): Guesses {
  const windows = new LRUCache<string, { count: number; resetMs: number }>({ max: networksMax })
  return {
    begin(ip) {
      const { guessesMax, windowMs } = rule()
      const network = clientNetwork(ip)
      const nowMs = clock.nowMs()
      let window = windows.get(network)
      if (window === undefined || window.resetMs <= nowMs) {
        window = { count: 0, resetMs: nowMs + windowMs }
        windows.set(network, window)
      }
      if (window.count >= guessesMax) {
        throw problem('request.limited', {
          sentence: 'Too many credentials that are worth nothing came from this address. Try again later.',
          retryAfterSeconds: Math.ceil((window.resetMs - nowMs) / 1_000),
        })
      }
      const counted = window
      counted.count += 1
      return () => void (counted.count -= 1)
    },
  }
}

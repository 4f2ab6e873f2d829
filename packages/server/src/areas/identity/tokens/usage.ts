import type { Clock } from '@holdfast/kernel/clock'
import type { Part } from '@holdfast/kernel/lifecycle'
import type { Logger } from '@holdfast/kernel/logger'
import { LRUCache } from 'lru-cache'
import type { Activity } from '../../platform/activity/service.ts'
import type { OnUse } from '../access/tokens.ts'
import type { TokensRepo, TokenUse } from './repo.ts'

/**
 * Notes that tokens are used, without slowing their requests: the last use is written in batches, at most five seconds
 * late; the activity log gets the first use of each token in an hour. Both may be lost with the process.
 */
export interface TokenUsage {
  used: OnUse
  flush(): Promise<void>
  part: Part
}

const flushDelayMs = 5_000
const loggedEveryMs = 3_600_000
const tokensMax = 20_000

interface Needs {
  repo: Pick<TokensRepo, 'recordUses'>
  activity: Pick<Activity, 'record'>
  clock: Clock
  logger: Logger
}

export function createTokenUsage({ repo, activity, clock, logger }: Needs): TokenUsage {
  let waiting = new Map<string, TokenUse>()
  let cancelTimer: (() => void) | undefined
  const loggedMs = new LRUCache<string, number>({ max: tokensMax })

  async function flush(): Promise<void> {
    cancelTimer?.()
    cancelTimer = undefined
    if (waiting.size === 0) return
    const uses = [...waiting.values()]
    waiting = new Map()
    try {
      await repo.recordUses(uses)
    } catch (error) {
      // A later use writes it again; nothing waits for it.
      logger.warn({ err: error, tokens: uses.length }, 'The last uses of tokens could not be written')
    }
  }

  return {
    used({ tokenId, name, userId, ip }) {
      const nowMs = clock.nowMs()
      if (waiting.size < tokensMax || waiting.has(tokenId))
        waiting.set(tokenId, { tokenId, at: clock.now(), ip })
      cancelTimer ??= clock.after(flushDelayMs, () => {
        cancelTimer = undefined
        void flush()
      })
      const before = loggedMs.get(tokenId)
      if (before !== undefined && nowMs - before < loggedEveryMs) return
      loggedMs.set(tokenId, nowMs)
      const message = `The token ${name} was used`
      activity.record({
        action: 'api_key_used',
        source: 'api_key',
        message,
        userId,
        ip,
        details: { tokenId },
      })
    },
    flush,
    part: { name: 'token usage', stop: flush },
  }
}

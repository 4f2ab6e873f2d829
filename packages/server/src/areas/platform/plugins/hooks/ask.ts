import { problem } from '@holdfast/contracts/problems'
import type { Clock } from '@holdfast/kernel/clock'
import type { Envelope } from '@holdfast/kernel/crypto/envelope'
import type { Ids } from '@holdfast/kernel/id'
import type { Logger } from '@holdfast/kernel/logger'
import { z } from 'zod'
import type { Outbound } from '../../../../outbound/client.ts'
import { OutboundError } from '../../../../outbound/errors.ts'
import { deliveryHeaders } from '../../webhooks/rules.ts'
import { openPluginSecret } from '../secrets.ts'
import type { BeforeHook } from './table.ts'

/** What a plugin answers to a before hook; no content agrees as well. */
const Verdict = z.object({
  allow: z.boolean().default(true),
  message: z.string().max(500).optional(),
  body: z.json().optional(),
})
type Verdict = z.output<typeof Verdict>

/**
 * Asks one plugin before a change: a signed POST within the hook's time. Answers what the plugin says, or null when it
 * said nothing and the hook is open. Throws records.refused_by_plugin, records.plugin_unavailable.
 */
export type AskHook = (
  hook: BeforeHook,
  event: string,
  facts: Record<string, unknown>,
  signal: AbortSignal,
) => Promise<Verdict | null>

interface Needs {
  outbound: Pick<Outbound, 'request'>
  envelope: Pick<Envelope, 'open'>
  clock: Clock
  ids: Ids
  logger: Logger
}

const responseBytesMax = 2 * 1_048_576
/** Calls under way to one plugin. Beyond, it counts as failing: a slow plugin must not gather requests without end. */
const underWayMax = 128

export function createAskHook({ outbound, envelope, clock, ids, logger }: Needs): AskHook {
  const underWay = new Map<string, number>()

  async function call(
    hook: BeforeHook,
    event: string,
    facts: Record<string, unknown>,
    signal: AbortSignal,
  ): Promise<Verdict> {
    const at = clock.now()
    const body = JSON.stringify({ event, timestamp: at.toISOString(), data: facts })
    const answer = await outbound.request({
      method: 'POST',
      url: hook.url,
      headers: deliveryHeaders({
        id: ids.uuid(),
        event,
        body,
        atMs: at.getTime(),
        secret: openPluginSecret(envelope, hook.secretSealed),
        previousSecret: null,
      }),
      body,
      timeoutMs: hook.timeoutMs,
      responseBytesMax,
      signal,
    })
    if (answer.status < 200 || answer.status > 299) throw new HookFailed(`It answered ${answer.status}.`)
    if (answer.truncated) throw new HookFailed('Its answer is longer than 2 MiB.')
    const text = answer.body.toString('utf8').trim()
    return text === '' ? { allow: true } : readVerdict(text)
  }

  function failed(hook: BeforeHook, error: OutboundError | HookFailed): null {
    const facts = { plugin: hook.pluginId, reason: error.message, onFailure: hook.onFailure }
    logger.warn(facts, 'A plugin did not answer its before hook')
    if (hook.onFailure === 'open') return null
    throw problem('records.plugin_unavailable', { retryAfterSeconds: 5, cause: error })
  }

  return async (hook, event, facts, signal) => {
    const { pluginId } = hook
    const count = underWay.get(pluginId) ?? 0
    if (count >= underWayMax)
      return failed(hook, new HookFailed(`${underWayMax} calls to it are under way already.`))
    underWay.set(pluginId, count + 1)
    try {
      const verdict = await call(hook, event, facts, signal)
      if (!verdict.allow)
        throw problem('records.refused_by_plugin', {
          ...(verdict.message !== undefined && { sentence: verdict.message }),
          data: { plugin: pluginId },
        })
      return verdict
    } catch (error) {
      // Nobody waits for the answer any more: the change is not made, however open the hook is.
      if (error instanceof OutboundError && error.failure === 'cancelled')
        throw problem('records.plugin_unavailable', { cause: error })
      if (!(error instanceof OutboundError || error instanceof HookFailed)) throw error
      return failed(hook, error)
    } finally {
      const left = (underWay.get(pluginId) ?? 1) - 1
      if (left === 0) underWay.delete(pluginId)
      else underWay.set(pluginId, left)
    }
  }
}

class HookFailed extends Error {}

function readVerdict(text: string): Verdict {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new HookFailed('Its answer is not JSON.', { cause })
  }
  const verdict = Verdict.safeParse(value)
  if (!verdict.success)
    throw new HookFailed('Its answer is not { "allow", "message"?, "body"? }.', { cause: verdict.error })
  return verdict.data
}

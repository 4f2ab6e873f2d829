import {
  finishGithub,
  finishOidc,
  type IdentityProvider,
  linkIdentity,
  listIdentities,
  listProviders,
  startGithub,
  startOidc,
  unlinkIdentity,
} from '@holdfast/contracts/identity/oauth'
import { done, success } from '@holdfast/contracts/kit/answer'
import { isProblem } from '@holdfast/contracts/kit/problem'
import type { Clock } from '@holdfast/kernel/clock'
import type { Envelope } from '@holdfast/kernel/crypto/envelope'
import type { Context } from '../../../context.ts'
import { type BoundRoute, type CookieChange, handle, Reply, type RequestFacts } from '../../../http/handle.ts'
import { cookieOf } from '../sign-in/routes.ts'
import { flowCookie, flowCookieOf, readFlow } from './flow.ts'
import type { Finished, SignInElsewhere } from './service.ts'

const startPaths: Record<IdentityProvider, string> = { github: startGithub.path, oidc: startOidc.path }
const callbackPaths: Record<IdentityProvider, string> = { github: finishGithub.path, oidc: finishOidc.path }

interface Needs {
  elsewhere: SignInElsewhere
  envelope: Pick<Envelope, 'seal' | 'open'>
  clock: Clock
  /** Under which address people reach this server, when it was said. */
  publicUrl: (ctx: Context) => Promise<string | undefined>
}

export function bindSignInElsewhere({ elsewhere, envelope, clock, publicUrl }: Needs): BoundRoute[] {
  async function redirectUri(ctx: Context, provider: IdentityProvider, { scheme, host }: RequestFacts) {
    const base = (await publicUrl(ctx)) ?? `${scheme}://${host}`
    return base.replace(/\/+$/, '') + callbackPaths[provider]
  }

  async function start(
    ctx: Context,
    provider: IdentityProvider,
    next: string | undefined,
    facts: RequestFacts,
  ) {
    const wish = { provider, next, redirectUri: await redirectUri(ctx, provider, facts), linkingUserId: null }
    const { location, flow } = await elsewhere.begin(wish)
    return redirect(location.href, [flowCookieOf(flow, envelope)])
  }

  /** A browser shows this to a person, so a refusal is a page too: the door, with what went wrong. */
  async function finish(
    ctx: Context,
    provider: IdentityProvider,
    query: Record<string, string | undefined>,
    facts: RequestFacts,
  ) {
    elsewhere.check(provider)
    const stored = readFlow(facts.cookies[flowCookie], envelope, clock)
    const flow = stored?.provider === provider ? stored : null
    const forget = { name: flowCookie, value: null }
    try {
      const callback = new URL(flow?.redirectUri ?? 'http://holdfast.invalid')
      for (const [name, value] of Object.entries(query)) {
        if (value !== undefined) callback.searchParams.set(name, value)
      }
      return leaveFor(await elsewhere.finish(ctx, flow, callback), forget)
    } catch (error) {
      if (!isProblem(error) || error.status >= 500) throw error
      const page = flow?.linkingUserId == null ? '/sign-in' : '/profile'
      return redirect(`${page}?refused=${encodeURIComponent(error.code)}`, [forget])
    }
  }

  return [
    handle(startGithub, (ctx, { query }, facts) => start(ctx, 'github', query.next, facts)),
    handle(finishGithub, (ctx, { query }, facts) => finish(ctx, 'github', query, facts)),
    handle(startOidc, (ctx, { query }, facts) => start(ctx, 'oidc', query.next, facts)),
    handle(finishOidc, (ctx, { query }, facts) => finish(ctx, 'oidc', query, facts)),
    handle(listProviders, async () =>
      success(elsewhere.providers().map((one) => ({ ...one, path: startPaths[one.provider] }))),
    ),
    handle(listIdentities, async (ctx) => success(await elsewhere.list(ctx))),
    handle(linkIdentity, async (ctx, { body: { provider } }, facts) => {
      const wish = { provider, next: '/profile', redirectUri: await redirectUri(ctx, provider, facts) }
      const { location, flow } = await elsewhere.beginLink(ctx, wish)
      return new Reply(success({ location: location.href }), { cookies: [flowCookieOf(flow, envelope)] })
    }),
    handle(unlinkIdentity, async (ctx, { params }) => {
      await elsewhere.unlink(ctx, params.id)
      return done('The account is unlinked')
    }),
  ]
}

function leaveFor({ next, signedIn }: Finished, forget: CookieChange) {
  if (signedIn === null) return redirect(next, [forget])
  if ('challengeToken' in signedIn) {
    // In the fragment, which browsers send nowhere: the challenge is half a credential.
    const page = `/sign-in?next=${encodeURIComponent(next)}#challenge=${signedIn.challengeToken}`
    return redirect(page, [forget])
  }
  return redirect(next, [forget, cookieOf(signedIn)])
}

function redirect(location: string, cookies: CookieChange[]) {
  return new Reply(undefined, { status: 302, headers: { location }, cookies })
}

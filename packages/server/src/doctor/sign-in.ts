import * as oauth from 'openid-client'
import type { Config } from '../config.ts'
import { fail, type Finding, ok } from './finding.ts'

/** Checks of the providers that people may sign in with: configured whole, and reachable from here. */
export async function examineSignIn(config: Config, timeoutMs: number): Promise<Finding[]> {
  const [github, oidc] = await Promise.all([examineGithub(config, timeoutMs), examineOidc(config, timeoutMs)])
  const findings = [github, oidc].filter((finding) => finding !== null)
  return findings.length > 0 ? findings : [ok('sign-in', 'People sign in with a password alone.')]
}

async function examineGithub(config: Config, timeoutMs: number): Promise<Finding | null> {
  const check = 'GitHub sign-in'
  const { GITHUB_CLIENT_ID: id, GITHUB_CLIENT_SECRET: secret, HOLDFAST_GITHUB_URL: own } = config
  if (id === undefined && secret === undefined) return null
  if (id === undefined || secret === undefined)
    return fail(check, 'GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET work only together. Set both, or neither.')
  const url = own ?? new URL('https://github.com')
  try {
    // Any answer will do: whether the client is known is only told to a browser.
    await fetch(url, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) })
    return ok(check, `${url.host} answers.`)
  } catch (error) {
    return fail(
      check,
      `${url.host} cannot be reached (${reasonOf(error)}), so nobody can sign in with GitHub. Check HOLDFAST_GITHUB_URL and the way out of this machine.`,
    )
  }
}

async function examineOidc(config: Config, timeoutMs: number): Promise<Finding | null> {
  const check = 'OpenID sign-in'
  const { HOLDFAST_OIDC_ISSUER: issuer, HOLDFAST_OIDC_CLIENT_ID: clientId } = config
  if (issuer === undefined && clientId === undefined) return null
  if (issuer === undefined || clientId === undefined)
    return fail(
      check,
      'HOLDFAST_OIDC_ISSUER and HOLDFAST_OIDC_CLIENT_ID work only together. Set both, or neither.',
    )
  try {
    await oauth.discovery(issuer, clientId, undefined, undefined, {
      timeout: timeoutMs / 1_000,
      execute: issuer.protocol === 'http:' ? [oauth.allowInsecureRequests] : [],
    })
    return ok(check, `${issuer.host} says where people sign in.`)
  } catch (error) {
    return fail(
      check,
      `${issuer.href} does not describe an OpenID provider (${reasonOf(error)}), so nobody can sign in through it. Check HOLDFAST_OIDC_ISSUER and the way out of this machine.`,
    )
  }
}

/** The innermost reason: what a library wraps is why it happened. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? reasonOf(error.cause) : error.message.replace(/\.$/, '')
}

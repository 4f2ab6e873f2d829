import { z } from 'zod'
import { AddressRules, CorsPolicy, HeaderEdits, routePolicy } from './config.ts'

/** What may be written; `config.ts` says what travels to the gateways. Checks here keep them from what they cannot use. */

const Range = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()])
const notRange = 'must be an address such as 203.0.113.7 or a range such as 10.0.0.0/8'

export const AddressRulesInput = AddressRules.superRefine(({ allow, deny }, ctx) => {
  for (const [name, ranges] of Object.entries({ allow, deny })) {
    for (const [index, range] of ranges.entries()) {
      if (!Range.safeParse(range).success)
        ctx.addIssue({ code: 'custom', path: [name, index], message: notRange })
    }
  }
})

/** Frame a message or belong to one connection (RFC 9110 §7.6.1): the gateway writes them itself. */
const framing = new Set(
  'connection content-length expect keep-alive proxy-connection te trailer transfer-encoding upgrade'.split(
    ' ',
  ),
)
const headersMax = 50

export const HeaderEditsInput = HeaderEdits.superRefine(({ set, remove }, ctx) => {
  if (Object.keys(set).length > headersMax)
    ctx.addIssue({ code: 'custom', path: ['set'], message: `must name at most ${headersMax} headers` })
  for (const [part, names] of Object.entries({ set: Object.keys(set), remove })) {
    for (const name of names.filter((one) => framing.has(one.toLowerCase()))) {
      ctx.addIssue({
        code: 'custom',
        path: [part],
        message: `must not name ${name}: the gateway writes it itself`,
      })
    }
  }
})

const label = '[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?'
export const HostName = z
  .string()
  .max(253)
  .regex(
    new RegExp(`^${label}(?:\\.${label})*$`),
    'must be a host name in lower case, without a port, such as api.example.com',
  )

export const routePolicyInput = {
  ...routePolicy,
  cors: CorsPolicy.nullable(),
  addresses: AddressRulesInput.nullable(),
  requestHeaders: HeaderEditsInput.nullable(),
  responseHeaders: HeaderEditsInput.nullable(),
} as const

/** An address of an upstream. Private and loopback ones are allowed: the gateway runs where its tenant put it. */
export const TargetUrl = z
  .url({ protocol: /^https?$/, error: 'must be an address such as http://10.0.0.5:8080' })
  .max(2_000)
  .superRefine((text, ctx) => {
    const url = URL.parse(text)
    if (url === null) return
    if (url.username !== '' || url.password !== '')
      ctx.addIssue({ code: 'custom', message: 'must not hold a user name or a password' })
    if (url.search !== '' || url.hash !== '')
      ctx.addIssue({ code: 'custom', message: 'must not have a query or a fragment' })
  })

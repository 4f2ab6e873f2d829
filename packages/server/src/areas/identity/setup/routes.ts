import { bootstrap, bootstrapStatus } from '@holdfast/contracts/identity/auth-v1'
import { completeSetup, setupStatus, setupStep, submitSetupStep } from '@holdfast/contracts/identity/setup'
import { type BoundRoute, handle, Reply, type RequestFacts } from '../../../http/handle.ts'
import { cookieOf } from '../sign-in/routes.ts'
import { accountOf } from '../users/rules.ts'
import { isFromElsewhere } from './rules.ts'
import type { Setup, Visitor } from './service.ts'

export function bindSetup(setup: Setup): BoundRoute[] {
  return [
    handle(setupStatus, (ctx, _input, request) => setup.status(ctx, visitorOf(undefined, request))),
    handle(setupStep, (ctx, _input, request) => setup.data(ctx, visitorOf(undefined, request))),
    handle(submitSetupStep, (ctx, { body: { code, ...body } }, request) => {
      const visitor = visitorOf(code, request)
      if ('password' in body) return setup.saveAccount(ctx, body, visitor)
      if ('appName' in body)
        return setup.savePlace(ctx, { appName: body.appName, publicUrl: body.publicUrl }, visitor)
      return setup.savePurpose(ctx, { firstUse: body.firstUse }, visitor)
    }),
    handle(completeSetup, async (ctx, { body }, request) => {
      const signedIn = await setup.complete(ctx, visitorOf(body.code, request))
      const { id, login } = signedIn.user
      return new Reply({ complete: true as const, userId: id, login }, { cookies: [cookieOf(signedIn)] })
    }),
    handle(bootstrapStatus, async (ctx, _input, request) => {
      const { complete, needsCode } = await setup.status(ctx, visitorOf(undefined, request))
      return { needs_bootstrap: !complete, bootstrap_required: !complete, code_required: needsCode }
    }),
    handle(bootstrap, async (ctx, { body }, request) => {
      const login = body.login ?? body.email ?? ''
      const email = body.email ?? (login.includes('@') ? login : null)
      const person = { login, email, name: body.name ?? login, password: body.password }
      const { user, organizationId } = await setup.bootstrap(ctx, person, visitorOf(body.code, request))
      return accountOf(user, organizationId)
    }),
  ]
}

function visitorOf(codeInBody: string | undefined, { headers }: RequestFacts): Visitor {
  return { code: codeInBody ?? headers['x-setup-code'], isFromElsewhere: isFromElsewhere(headers) }
}

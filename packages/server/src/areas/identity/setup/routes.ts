import { bootstrap, bootstrapStatus } from '@holdfast/contracts/identity/auth-v1'
import { completeSetup, setupStatus, setupStep, submitSetupStep } from '@holdfast/contracts/identity/setup'
import { type BoundRoute, handle, Reply, type RequestFacts } from '../../../http/handle.ts'
import { cookieOf } from '../sign-in/routes.ts'
import { accountOf } from '../users/rules.ts'
import type { Setup } from './service.ts'

export function bindSetup(setup: Setup): BoundRoute[] {
  return [
    handle(setupStatus, (ctx) => setup.status(ctx)),
    handle(setupStep, (ctx, _input, request) => setup.data(ctx, codeOf(undefined, request))),
    handle(submitSetupStep, (ctx, { body }, request) => {
      const code = codeOf(body.code, request)
      if ('password' in body) return setup.saveAccount(ctx, { ...body, code })
      if ('appName' in body)
        return setup.savePlace(ctx, { appName: body.appName, publicUrl: body.publicUrl }, code)
      return setup.savePurpose(ctx, { firstUse: body.firstUse }, code)
    }),
    handle(completeSetup, async (ctx, { body }, request) => {
      const signedIn = await setup.complete(ctx, codeOf(body.code, request))
      const { id, login } = signedIn.user
      return new Reply({ complete: true as const, userId: id, login }, { cookies: [cookieOf(signedIn)] })
    }),
    handle(bootstrapStatus, async (ctx) => {
      const { complete, needsCode } = await setup.status(ctx)
      return { needs_bootstrap: !complete, bootstrap_required: !complete, code_required: needsCode }
    }),
    handle(bootstrap, async (ctx, { body }, request) => {
      const login = body.login ?? body.email ?? ''
      const email = body.email ?? (login.includes('@') ? login : null)
      const person = { login, email, name: body.name ?? login, password: body.password }
      const { user, organizationId } = await setup.bootstrap(ctx, person, codeOf(body.code, request))
      return accountOf(user, organizationId)
    }),
  ]
}

function codeOf(inBody: string | undefined, { headers }: RequestFacts): string | undefined {
  return inBody ?? headers['x-setup-code']
}

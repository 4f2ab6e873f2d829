import { bootstrap, bootstrapStatus } from '@holdfast/contracts/identity/auth-v1'
import { completeSetup, setupStatus, setupStep, submitSetupStep } from '@holdfast/contracts/identity/setup'
import { testPassword } from '../../people.ts'
import { scenario } from '../scenario.ts'
import { nobody, type World } from '../world.ts'
import { attemptsPastLock } from './ids.ts'

/** A server that only this machine reaches asks for no code. */
const local = { HOLDFAST_TRUSTED_PROXIES: '0' }
const firstPerson = { email: 'first@example.com', password: testPassword, name: 'First' }
const account = { step: 'account' as const, login: 'first', email: firstPerson.email, password: testPassword }
const wrongCode = 'XXXX-XXXX-XXXX'
const oneAddress = { 'x-forwarded-for': '10.200.0.1' }

/** Before anybody: on a server of its own, where set-up has been done as far as `prepare` does it. */
function untouched<C>(call: C, prepare: (world: World) => Promise<unknown> = async () => undefined) {
  return {
    environment: local,
    way: async (world: World) => {
      await prepare(world)
      return call
    },
  }
}

const initialise = (world: World) => world.server.anonymous.call(bootstrap, { body: firstPerson })

async function allSteps(world: World) {
  const { anonymous } = world.server
  await anonymous.call(submitSetupStep, { body: account })
  await anonymous.call(submitSetupStep, { body: { step: 'place', appName: 'Workshop' } })
  await anonymous.call(submitSetupStep, { body: { step: 'purpose', firstUse: 'api' } })
}

/** Wrong codes from one address until it is locked. */
async function guess(world: World) {
  for (let attempt = 0; attempt < attemptsPastLock; attempt++) {
    await world.send(bootstrap, {
      as: nobody,
      headers: oneAddress,
      body: { ...firstPerson, code: wrongCode },
    })
  }
}

/** What guards the code, on a server that others reach. */
function codeProblems<C extends object>(call: C) {
  return {
    'setup.code_invalid': { environment: {}, way: () => call },
    'auth.locked': {
      environment: {},
      way: async (world: World) => {
        await guess(world)
        return { ...call, headers: oneAddress }
      },
    },
  }
}

export const setupScenarios = [
  scenario(setupStatus, { success: () => ({ as: nobody }) }),
  scenario(bootstrapStatus, { success: () => ({ as: nobody }) }),
  scenario(setupStep, {
    success: untouched({ as: nobody }),
    problems: {
      ...codeProblems({ as: nobody }),
      'auth.required': untouched({ as: nobody }, initialise),
      'auth.forbidden': {
        environment: local,
        way: async (world) => {
          await initialise(world)
          return { as: await world.as('viewer') }
        },
      },
    },
  }),
  scenario(submitSetupStep, {
    success: untouched({ as: nobody, body: account }),
    problems: {
      ...codeProblems({ as: nobody, body: { ...account, code: wrongCode } }),
      'setup.completed': untouched({ as: nobody, body: account }, initialise),
      'setup.step_out_of_order': untouched({ as: nobody, body: { step: 'purpose' as const } }),
    },
  }),
  scenario(completeSetup, {
    success: untouched({ as: nobody, body: {} }, allSteps),
    alsoAudited: ['settings.updated'],
    problems: {
      ...codeProblems({ as: nobody, body: { code: wrongCode } }),
      'setup.completed': untouched({ as: nobody, body: {} }, initialise),
      'setup.step_out_of_order': untouched({ as: nobody, body: {} }),
    },
  }),
  scenario(bootstrap, {
    success: untouched({ as: nobody, body: firstPerson }),
    problems: {
      ...codeProblems({ as: nobody, body: { ...firstPerson, code: wrongCode } }),
      'setup.completed': untouched({ as: nobody, body: firstPerson }, initialise),
    },
  }),
]

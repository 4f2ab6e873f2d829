import { isProblem } from '@holdfast/contracts/kit/problem'
import type { Logger } from '@holdfast/kernel/logger'
import { systemContext } from '../../../context.ts'
import type { Setup } from './service.ts'

const passwordLengthMin = 8

/**
 * Makes the administrator that the environment names, on the first start only. Throws, before anything listens, with a
 * sentence when the two settings do not go together.
 */
export async function initialiseFromEnvironment(
  setup: Pick<Setup, 'initialise' | 'status'>,
  environment: { login: string | undefined; password: string | undefined },
  logger: Logger,
): Promise<void> {
  const { login: given, password } = environment
  if (given === undefined && password === undefined) return
  const ctx = systemContext('environment')
  if ((await setup.status(ctx, { isFromElsewhere: false })).complete) return
  if (given === undefined || password === undefined) {
    throw new Error('HOLDFAST_ADMIN_LOGIN and HOLDFAST_ADMIN_PASSWORD are set together, or not at all.')
  }
  if (password.length < passwordLengthMin) {
    throw new Error(`HOLDFAST_ADMIN_PASSWORD must have at least ${passwordLengthMin} characters.`)
  }
  const login = given.toLowerCase()
  try {
    await setup.initialise(ctx, { login, email: login.includes('@') ? login : null, name: given, password })
    logger.info({ login }, 'The administrator of HOLDFAST_ADMIN_LOGIN was created')
  } catch (error) {
    // Another replica was first: that is the same administrator.
    if (!isProblem(error, 'setup.completed')) throw error
  }
}

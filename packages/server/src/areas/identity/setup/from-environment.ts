import { isProblem } from '@holdfast/contracts/kit/problem'
import type { Logger } from '@holdfast/kernel/logger'
import { systemContext } from '../../../context.ts'
import type { Setup } from './service.ts'

/** Makes the administrator that the environment names, on the first start only. The configuration has checked the two. */
export async function initialiseFromEnvironment(
  setup: Pick<Setup, 'initialise' | 'status'>,
  environment: { login: string | undefined; password: string | undefined },
  logger: Logger,
): Promise<void> {
  const { login: given, password } = environment
  if (given === undefined || password === undefined) return
  const ctx = systemContext('environment')
  if ((await setup.status(ctx, { isFromElsewhere: false })).complete) return
  const login = given.toLowerCase()
  try {
    await setup.initialise(ctx, { login, email: login.includes('@') ? login : null, name: given, password })
    logger.info({ login }, 'The administrator of HOLDFAST_ADMIN_LOGIN was created')
  } catch (error) {
    // Another replica was first: that is the same administrator.
    if (!isProblem(error, 'setup.completed')) throw error
  }
}

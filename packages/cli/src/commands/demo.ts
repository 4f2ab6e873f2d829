import { join } from 'node:path'
import { runTogether, startChild } from '../children.ts'
import { entryPoint, repositoryRoot } from '../repository.ts'

/** A system of its own, filled with an example. The known password exists here only. */
export async function demo(): Promise<void> {
  const environment = {
    HOLDFAST_DATA: process.env.HOLDFAST_DATA ?? join(repositoryRoot, '.data/demo'),
    HOLDFAST_ADMIN_LOGIN: 'admin',
    HOLDFAST_ADMIN_PASSWORD: 'Admin123!',
  }
  await runTogether([startChild(process.execPath, [entryPoint, 'start'], environment)])
}

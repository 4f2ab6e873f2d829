import { join } from 'node:path'

/** The folder that holds package.json, whatever folder the command was called from. */
export const repositoryRoot = join(import.meta.dirname, '../../..')

/** The one entry point, as a child process sees it. */
export const entryPoint = join(repositoryRoot, 'bin/holdfast.mjs')

import { homedir } from 'node:os'
import { join } from 'node:path'

/**
 * Where the product keeps its data when nothing else is said: `/var/lib/holdfast` for root, else the place that the XDG
 * Base Directory Specification gives to an application's data.
 * @param environment the variables to look into; this function does not read the process's own
 */
export function defaultDataDirectory(
  environment: { readonly XDG_DATA_HOME?: string | undefined; readonly HOME?: string | undefined },
  isRoot: boolean = process.getuid?.() === 0,
): string {
  if (isRoot) return '/var/lib/holdfast'
  // A relative XDG path is invalid and must be ignored (XDG Base Directory Specification 0.8, "Environment variables").
  const dataHome = environment.XDG_DATA_HOME
  if (dataHome?.startsWith('/')) return join(dataHome, 'holdfast')
  return join(environment.HOME || homedir(), '.local', 'share', 'holdfast')
}

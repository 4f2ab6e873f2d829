import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** The text of a 0600 file that holds a secret. Made by `make` on the first use; of two makers at once one wins. */
export function readOrCreateKeyFile(filePath: string, make: () => string): string {
  if (!existsSync(filePath)) {
    mkdirSync(dirname(filePath), { recursive: true, mode: 0o700 })
    const fresh = `${filePath}.${process.pid}`
    writeFileSync(fresh, `${make()}\n`, { mode: 0o600, flag: 'wx', flush: true })
    try {
      // link() does not overwrite: of two servers that start together one wins, and both read the winner's key.
      linkSync(fresh, filePath)
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    } finally {
      unlinkSync(fresh)
    }
  }
  chmodSync(filePath, 0o600)
  return readFileSync(filePath, 'utf8')
}

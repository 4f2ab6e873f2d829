import { BackupFileError } from '../areas/platform/backup/archive/format.ts'
import { Problem } from '@holdfast/contracts/kit/problem'
import { DatabaseStartError } from '@holdfast/database/managed/start-error'
import { MigrationError } from '@holdfast/database/migrate'
import { ConfigError } from '@holdfast/kernel/config'
import { SentenceError } from '@holdfast/kernel/sentence-error'

/** What a person can act on gets a sentence; what is our mistake keeps its stack. */
export function explain(error: unknown): string {
  if (error instanceof DatabaseStartError) return error.sentence
  const sentences = [ConfigError, SentenceError, MigrationError, Problem, BackupFileError]
  if (error instanceof Error && sentences.some((kind) => error instanceof kind)) return error.message
  if (!(error instanceof Error)) return String(error)
  if ('code' in error && error.code === 'EADDRINUSE') {
    return 'The port is taken. Stop the other program, or choose another one: PORT=3001 npm start'
  }
  if ('code' in error && error.code === 'EACCES') {
    if ('path' in error)
      return `${String(error.path)} belongs to another user. Start as that user, or choose another HOLDFAST_DATA.`
    return 'This port needs a privilege. Choose one above 1023: PORT=3000 npm start'
  }
  return error.stack ?? error.message
}

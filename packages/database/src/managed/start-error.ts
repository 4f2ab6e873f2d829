/** Why the private PostgreSQL cannot start, in words for the person who has to put it right. */

export class DatabaseStartError extends Error {
  override readonly name = 'DatabaseStartError'
  /** Says what is wrong and what to do; never needs the stack or the log to be understood. */
  readonly sentence: string

  constructor(sentence: string, options?: ErrorOptions) {
    super(sentence, options)
    this.sentence = sentence
  }
}

const nothingLost = 'Nothing has been changed or lost.'

/** What PostgreSQL or initdb wrote, by what it means. The first match wins; messages are in English (LC_MESSAGES=C). */
const knownOutput: readonly (readonly [RegExp, (directory: string) => string])[] = [
  [
    /No space left on device|disk quota exceeded/i,
    (directory) =>
      `The disk that holds ${directory} is full. Free some space and start again. ${nothingLost}`,
  ],
  [
    /Read-only file system/i,
    (directory) => `${directory} is on a read-only file system. Make it writable. ${nothingLost}`,
  ],
  [
    /Permission denied/i,
    (directory) =>
      `PostgreSQL may not write to ${directory}. Give the folder and what is in it to the user that the server runs as, ` +
      `or set HOLDFAST_DATA to another folder. ${nothingLost}`,
  ],
  [
    /has wrong ownership/i,
    (directory) =>
      `${directory} belongs to another user than the one the server runs as. Start the server as its owner, or give it ` +
      `the folder (chown -R). ${nothingLost}`,
  ],
  [
    /could not (?:map anonymous shared memory|create shared memory segment|fork)|Cannot allocate memory/i,
    () => `There is not enough memory for PostgreSQL. Free at least 200 MB and start again. ${nothingLost}`,
  ],
  [
    /database files are incompatible with server|initialized by PostgreSQL version/i,
    (directory) =>
      `The data in ${directory} belongs to another build of PostgreSQL. Start it with that build. ${nothingLost}`,
  ],
]

/** The error for a PostgreSQL program that gave up, from the last thing it wrote. */
export function explainOutput(program: string, directory: string, output: string): DatabaseStartError {
  const known = knownOutput.find(([pattern]) => pattern.test(output))
  const lines = output.trim().split('\n').slice(-4).join(' ')
  const sentence =
    known?.[1](directory) ?? `${program} could not use ${directory}: ${lines || 'it ended without a word.'}`
  return new DatabaseStartError(sentence, { cause: new Error(output.trim()) })
}

/** The error for a file operation of ours that failed on the way to the data directory. */
export function explainFileError(error: unknown, path: string): DatabaseStartError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return new DatabaseStartError(sentenceForCode(code, path, error), { cause: error })
}

function sentenceForCode(code: string, path: string, error: unknown): string {
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return `The disk that holds ${path} is full. Free some space and start again. ${nothingLost}`
  }
  if (code === 'EROFS') return `${path} is on a read-only file system. Make it writable. ${nothingLost}`
  if (code === 'EACCES' || code === 'EPERM') {
    return `The server may not write to ${path}. Give it the folder (chown), or set HOLDFAST_DATA to one it owns. ${nothingLost}`
  }
  if (code === 'ENOTDIR' || code === 'EEXIST') {
    return `${path} cannot be a folder, because a file is in its way. Set HOLDFAST_DATA to another place. ${nothingLost}`
  }
  return `The folder ${path} cannot be used: ${error instanceof Error ? error.message : String(error)}. ${nothingLost}`
}

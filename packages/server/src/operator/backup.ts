import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { SentenceError } from '@holdfast/kernel/sentence-error'
import { systemContext } from '../context.ts'
import { isRecipient } from '../areas/platform/backup/archive/encryption.ts'
import { runOperatorCommand } from './run.ts'

/** `holdfast backup [--out FILE] [--age RECIPIENT]`: one verified backup, beside a running server or without one. */
await runOperatorCommand(async ({ server, args }) => {
  const { values } = parseArgs({
    args: [...args],
    options: { out: { type: 'string' }, age: { type: 'string' } },
  })
  if (values.age !== undefined && !(await isRecipient(values.age)))
    throw new SentenceError(
      `${values.age} is no public key of age. It looks like age1…; make one with: age-keygen -o key.txt`,
    )
  const path = values.out === undefined ? null : resolve(values.out)
  if (path !== null && existsSync(path))
    throw new SentenceError(`${path} is there already. Choose another name; nothing is ever overwritten.`)
  const made = await server.platform.backup.makeNow(systemContext('operator'), {
    lock: values.age === undefined ? { kind: 'none' } : { kind: 'recipient', recipient: values.age },
    path,
  })
  process.stdout.write(
    `${made.path}\n${made.sizeBytes} bytes, ${made.rows} rows of ${made.tables} tables, restored and compared\n` +
      `sha256 ${made.checksum}\n`,
  )
})

import { SentenceError } from '@holdfast/kernel/sentence-error'
import { runOperatorCommand } from './run.ts'
import { systemContext } from '../context.ts'

/** `holdfast reset-link <login>`: prints a link that sets a new password, for where no e-mail can be sent. */
await runOperatorCommand(async ({ server, args }) => {
  const [login] = args
  if (login === undefined)
    throw new SentenceError('Say whose password: holdfast reset-link <login, or e-mail address>')
  const link = await server.identity.passwordChanges.createResetLink(systemContext('operator'), login)
  process.stdout.write(`${link}\n`)
})

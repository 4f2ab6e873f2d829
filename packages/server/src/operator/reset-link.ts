import { runOperatorCommand } from './run.ts'
import { systemContext } from '../context.ts'

/** `holdfast reset-link <login>`: prints a link that sets a new password, for where no e-mail can be sent. */
await runOperatorCommand(async ({ server, database, args }) => {
  const [login] = args
  if (login === undefined)
    throw new Error('Say whose password: holdfast reset-link <login, or e-mail address>')
  const ctx = { ...systemContext('operator'), audit: { action: 'password.reset_link_created', appended: 0 } }
  const link = await database.transaction(ctx, (tx) =>
    server.identity.passwordChanges.createResetLink(tx, login),
  )
  process.stdout.write(`${link}\n`)
})

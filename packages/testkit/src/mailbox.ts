import type { AddressInfo } from 'node:net'
import PostalMime from 'postal-mime'
import { SMTPServer } from 'smtp-server'

export interface ReceivedMail {
  from: string
  to: string[]
  subject: string
  text: string
}

export interface Mailbox {
  /** For HOLDFAST_SMTP_URL. */
  url: string
  /** Everything that was taken so far, in order. */
  received(): Promise<ReceivedMail[]>
  /** From now on every message is refused for now (450), until told otherwise. */
  refuse(refusing: boolean): void
  close(): Promise<void>
}

/** A real SMTP server on a free port that keeps what it is given. It asks for the user `mail` with the password `p@ss`. */
export async function openMailbox(): Promise<Mailbox> {
  const taken: { to: string[]; message: Buffer }[] = []
  let refusing = false
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth({ username, password }, _session, done) {
      if (username === 'mail' && password === 'p@ss') done(null, { user: username })
      else done(new Error('Wrong user or password'))
    },
    onData(stream, session, done) {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.on('end', () => {
        if (refusing) return done(Object.assign(new Error('Try again later'), { responseCode: 450 }))
        taken.push({
          to: session.envelope.rcptTo.map(({ address }) => address),
          message: Buffer.concat(parts),
        })
        done()
      })
    },
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as AddressInfo
  return {
    url: `smtp://mail:p%40ss@127.0.0.1:${port}`,
    received: () =>
      Promise.all(
        taken.map(async ({ to, message }) => {
          const { from, subject = '', text = '' } = await PostalMime.parse(message)
          return { from: from?.address ?? '', to, subject, text }
        }),
      ),
    refuse(value) {
      refusing = value
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

import { createTransport } from 'nodemailer'

export interface Mail {
  to: string
  subject: string
  text: string
}

/** Hands e-mail over to a relay. */
export interface Mailer {
  /** Resolves when the relay has taken the message; throws when it has not. */
  send(mail: Mail): Promise<void>
  close(): void
}

/** How long a relay may take for one step before the attempt counts as failed. */
const timeoutMs = 15_000

/** SMTP (RFC 5321) with STARTTLS when the relay offers it; `smtps:` is TLS from the first byte. Null when there is no relay. */
export function createMailer(smtpUrl: URL | undefined, from: string): Mailer | null {
  if (smtpUrl === undefined) return null
  const transport = createTransport({
    host: smtpUrl.hostname,
    port: Number(smtpUrl.port) || (smtpUrl.protocol === 'smtps:' ? 465 : 587),
    secure: smtpUrl.protocol === 'smtps:',
    ...(smtpUrl.username !== '' && {
      auth: { user: decodeURIComponent(smtpUrl.username), pass: decodeURIComponent(smtpUrl.password) },
    }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    async send(mail) {
      await transport.sendMail({ from, ...mail })
    },
    close: () => transport.close(),
  }
}

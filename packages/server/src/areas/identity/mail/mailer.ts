import type { Transporter } from 'nodemailer'

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
  let transport: Transporter | undefined
  return {
    async send(mail) {
      const { createTransport } = await import('nodemailer')
      transport ??= createTransport(optionsOf(smtpUrl))
      await transport.sendMail({ from, ...mail })
    },
    close: () => transport?.close(),
  }
}

function optionsOf({ hostname, port, protocol, username, password }: URL) {
  const secure = protocol === 'smtps:'
  return {
    host: hostname,
    port: Number(port) || (secure ? 465 : 587),
    secure,
    ...(username !== '' && {
      auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) },
    }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}

/** The e-mail that carries a reset link. Plain text: nothing in it can be made to look like something else. */
export function resetMessage(facts: { name: string; appName: string; link: string }): {
  subject: string
  text: string
} {
  return {
    subject: `Set a new password for ${facts.appName}`,
    text: [
      `Hello ${facts.name},`,
      '',
      `somebody, probably you, asked for a new password for your account at ${facts.appName}.`,
      'Open this address within an hour to set one:',
      '',
      facts.link,
      '',
      'The address works once. If you did not ask for it, there is nothing to do: your password stays as it is.',
      '',
    ].join('\n'),
  }
}

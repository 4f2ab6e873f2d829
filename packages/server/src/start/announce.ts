/** What a person sees when the server is up. Logs are JSON for machines; this is not a log. */
export function announce(
  facts: { host: string; port: number; trialDatabase: boolean; setupCode: string | null },
  write: (text: string) => void,
): void {
  const host = facts.host === '0.0.0.0' || facts.host === '::' ? 'localhost' : facts.host
  const address = `http://${host.includes(':') ? `[${host}]` : host}:${facts.port}`
  const lines = ['', `  Holdfast is ready at ${address}`]
  if (facts.setupCode !== null) {
    lines.push(
      `  First run: whoever sets it up from another machine is asked for this code: ${facts.setupCode}`,
    )
  }
  if (facts.trialDatabase) {
    lines.push(
      '  It uses the bundled trial database. For good, install PostgreSQL 15 or newer, or set DATABASE_URL.',
    )
  }
  write(`${lines.join('\n')}\n\n`)
}

/** How another process on this machine reaches the server. */
export function addressFromHere({ host, port }: { host: string; port: number }): string {
  const local = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  return `http://${local.includes(':') ? `[${local}]` : local}:${port}`
}

/** Where to go after signing in: a path of this console and nothing else, so that a link cannot lead elsewhere. */
export function safeNext(next: string | undefined): string {
  if (!next?.startsWith('/') || next.startsWith('//') || next.includes('\\')) return '/'
  return next
}

/**
 * Where to go after signing in: a path of this console and nothing else, so that a link cannot lead elsewhere. Browsers
 * read a backslash as a slash and drop tabs and line breaks (WHATWG URL, 4.4), so addresses with those are refused too.
 */
export function safeNext(next: string | undefined): string {
  if (!next?.startsWith('/') || next.startsWith('//') || /[\\\t\n\r]/.test(next)) return '/'
  return next
}

/** What somebody types to try: a path, or a whole address. The query takes no part in matching, the port neither. */
export function readTestAddress(text: string): { host: string | null; path: string } {
  const typed = text.trim()
  const address = /^https?:\/\/([^/?#]*)([^?#]*)/i.exec(typed)
  if (address === null) {
    const path = typed.split(/[?#]/, 1)[0] ?? ''
    return { host: null, path: path.startsWith('/') ? path : `/${path}` }
  }
  const [, authority = '', path = ''] = address
  return { host: authority.replace(/:\d+$/, '').toLowerCase() || null, path: path === '' ? '/' : path }
}

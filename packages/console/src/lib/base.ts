/**
 * Where the console is mounted, always with a slash at the end. The server writes the right `<base>` into the page,
 * so the same build answers at `/` and at `/tools/holdfast/`.
 */
export const baseUrl = new URL('.', document.baseURI)

/** The path part of `baseUrl` without its last slash, as the router wants it. */
export const basePath = baseUrl.pathname.replace(/\/$/, '')

/** An address of the API: `apiUrl('/api/users')`, under whatever prefix the console runs. */
export function apiUrl(path: string): URL {
  return new URL(path.replace(/^\//, ''), baseUrl)
}

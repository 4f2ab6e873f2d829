/** The same request in three languages, ready to be pasted. The token is always a placeholder. */

export interface ApiRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** With its query, from the root: `/api/users?limit=20`. */
  path: string
  body?: unknown
  /** Public routes show no token. */
  isPublic?: boolean
}

export type SnippetLanguage = 'curl' | 'typescript' | 'python'

/** What stands in for the token in every snippet. */
export const tokenPlaceholder = 'YOUR_TOKEN'

const quoteShell = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`

function curl(request: ApiRequest, url: string): string {
  const parts = [`curl ${request.method === 'GET' ? '' : `-X ${request.method} `}${quoteShell(url)}`]
  if (!request.isPublic) parts.push(`-H 'Authorization: Bearer ${tokenPlaceholder}'`)
  if (request.body !== undefined) {
    parts.push(
      `-H 'Content-Type: application/json'`,
      `-d ${quoteShell(JSON.stringify(request.body, null, 2))}`,
    )
  }
  return parts.join(' \\\n  ')
}

function typescript(request: ApiRequest, url: string): string {
  const headers = [
    ...(request.isPublic ? [] : [`    Authorization: \`Bearer \${token}\`,`]),
    ...(request.body === undefined ? [] : [`    'Content-Type': 'application/json',`]),
  ]
  const options = [
    ...(request.method === 'GET' ? [] : [`  method: '${request.method}',`]),
    ...(headers.length > 0 ? ['  headers: {', ...headers, '  },'] : []),
    ...(request.body === undefined ? [] : [`  body: JSON.stringify(${indent(request.body, 2)}),`]),
  ]
  const call = options.length > 0 ? `fetch('${url}', {\n${options.join('\n')}\n})` : `fetch('${url}')`
  return [
    ...(request.isPublic ? [] : [`const token = '${tokenPlaceholder}'`]),
    `const response = await ${call}`,
    `if (!response.ok) throw new Error((await response.json()).error)`,
    `const answer = await response.json()`,
  ].join('\n')
}

function python(request: ApiRequest, url: string): string {
  const options = [
    ...(request.isPublic ? [] : [`    headers={"Authorization": f"Bearer {token}"},`]),
    ...(request.body === undefined ? [] : [`    json=${toPython(request.body, 1)},`]),
  ]
  const call = `requests.${request.method.toLowerCase()}(\n    "${url}",\n${options.map((line) => `${line}\n`).join('')})`
  return [
    'import requests',
    '',
    ...(request.isPublic ? [] : [`token = "${tokenPlaceholder}"`]),
    `response = ${call}`,
    'response.raise_for_status()',
    'answer = response.json()',
  ].join('\n')
}

function indent(value: unknown, spaces: number): string {
  return JSON.stringify(value, null, 2).replaceAll('\n', `\n${' '.repeat(spaces)}`)
}

function toPython(value: unknown, depth: number): string {
  const pad = '    '.repeat(depth + 1)
  const end = '    '.repeat(depth)
  if (value === null || value === undefined) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]'
    return `[\n${value.map((item) => `${pad}${toPython(item, depth + 1)},\n`).join('')}${end}]`
  }
  if (typeof value === 'object') {
    const entries = Object.entries(value)
    if (entries.length === 0) return '{}'
    return `{\n${entries.map(([key, item]) => `${pad}${JSON.stringify(key)}: ${toPython(item, depth + 1)},\n`).join('')}${end}}`
  }
  return JSON.stringify(value)
}

/** Writes a request in one language; `origin` is where the API answers, prefix included, without a slash at the end. */
export function writeSnippet(language: SnippetLanguage, request: ApiRequest, origin: string): string {
  const url = `${origin}${request.path}`
  if (language === 'curl') return curl(request, url)
  return language === 'typescript' ? typescript(request, url) : python(request, url)
}

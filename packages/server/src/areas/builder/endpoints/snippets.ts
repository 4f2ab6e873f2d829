/** A call in three languages, with a placeholder where the token belongs. */
export interface SnippetCall {
  method: string
  /** Absolute. */
  url: string
  needsToken: boolean
  body: unknown
}

export function snippetsOf(call: SnippetCall): { curl: string; typescript: string; python: string } {
  return { curl: curl(call), typescript: typeScript(call), python: python(call) }
}

function curl({ method, url, needsToken, body }: SnippetCall): string {
  const parts = [`curl${method === 'GET' ? '' : ` -X ${method}`} ${shellQuote(url)}`]
  if (needsToken) parts.push(`-H "Authorization: Bearer $TOKEN"`)
  if (body !== undefined)
    parts.push(`-H 'Content-Type: application/json'`, `-d ${shellQuote(JSON.stringify(body))}`)
  return parts.join(' \\\n  ')
}

function typeScript({ method, url, needsToken, body }: SnippetCall): string {
  const headers = [
    ...(needsToken ? ['    authorization: `Bearer ${token}`,'] : []),
    ...(body === undefined ? [] : ["    'content-type': 'application/json',"]),
  ]
  const options = [
    ...(method === 'GET' ? [] : [`  method: '${method}',`]),
    ...(headers.length > 0 ? ['  headers: {', ...headers, '  },'] : []),
    ...(body === undefined ? [] : [`  body: JSON.stringify(${indent(JSON.stringify(body, null, 2), 2)}),`]),
  ]
  const call =
    options.length > 0
      ? `fetch(${JSON.stringify(url)}, {\n${options.join('\n')}\n})`
      : `fetch(${JSON.stringify(url)})`
  return `const response = await ${call}\nconst { success, data, error } = await response.json()\nif (!success) throw new Error(error)`
}

function python({ method, url, needsToken, body }: SnippetCall): string {
  const parts = [
    `    ${JSON.stringify(url)},`,
    ...(needsToken ? ['    headers={"Authorization": f"Bearer {token}"},'] : []),
    ...(body === undefined ? [] : [`    json=${indent(pythonText(body), 4)},`]),
  ]
  return `import requests\n\nresponse = requests.${method.toLowerCase()}(\n${parts.join('\n')}\n)\nresponse.raise_for_status()\ndata = response.json()["data"]`
}

/** JSON as a Python literal: only three words differ. */
function pythonText(value: unknown, depth = 0): string {
  if (value === null || value === undefined) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value !== 'object') return JSON.stringify(value)
  const pad = '    '.repeat(depth + 1)
  const end = '    '.repeat(depth)
  const items = Array.isArray(value)
    ? value.map((item: unknown) => `${pad}${pythonText(item, depth + 1)},`)
    : Object.entries(value).map(
        ([name, item]) => `${pad}${JSON.stringify(name)}: ${pythonText(item, depth + 1)},`,
      )
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}']
  return items.length === 0 ? `${open}${close}` : `${open}\n${items.join('\n')}\n${end}${close}`
}

/** Single quotes keep everything but themselves. */
function shellQuote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

function indent(text: string, spaces: number): string {
  return text.replaceAll('\n', `\n${' '.repeat(spaces)}`)
}

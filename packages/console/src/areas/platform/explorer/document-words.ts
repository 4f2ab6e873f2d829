import type { RawDocument } from '@holdfast/contracts/platform/explorer'

/** Properties that name a document, the most telling first. */
const titles = ['name', 'login', 'key', 'message', 'path', 'resourcePath'] as const
const previewLength = 160

/** What a document is called in a list. */
export function titleOf(document: RawDocument): string {
  const title = titles
    .map((name) => document[name])
    .find((value) => typeof value === 'string' && value !== '')
  return typeof title === 'string' ? title : document.id
}

/** The beginning of a document's own values, on one line. */
export function previewOf(document: RawDocument): string {
  const { _id, id, ...own } = document
  void _id
  void id
  const text = JSON.stringify('data' in own ? own['data'] : own)
  return text.length > previewLength ? `${text.slice(0, previewLength)}…` : text
}

/** When a document was last touched, where it says so. */
export function touchedAt(document: RawDocument): string | null {
  const at = document['updatedAt'] ?? document['createdAt']
  return typeof at === 'string' ? at : null
}

/** What a new document of a collection may look like. */
export const samples: Record<string, Record<string, unknown>> = {
  users: { login: 'ann', email: 'ann@example.com', name: 'Ann', groupIds: [] },
  groups: { name: 'Support', description: '', permissions: ['view'] },
  endpoints: {
    name: 'List products',
    path: '/api/products',
    method: 'GET',
    accessType: 'public',
    schema: [],
  },
  endpointgroups: { name: 'Shop', icon: 'folder', color: '#3b82f6' },
  endpointdatas: { resourcePath: '/api/products', data: {} },
  systemsettings: { key: 'appName', value: 'Holdfast' },
}

/** The document as it is edited: without what cannot be changed. */
export function editableText(document: RawDocument): string {
  const fixed = ['_id', 'id', 'createdAt', 'updatedAt', 'password', 'refreshToken', 'lastLoginAt']
  const own = Object.entries(document).filter(([name]) => !fixed.includes(name))
  return JSON.stringify(Object.fromEntries(own), null, 2)
}

/** Reads what was typed. Answers the object, or a sentence that says what is wrong with it. */
export function readObject(text: string): Record<string, unknown> | string {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>
    return 'A document is an object: { "name": … }.'
  } catch (error) {
    return `This is not JSON: ${error instanceof Error ? error.message : String(error)}`
  }
}

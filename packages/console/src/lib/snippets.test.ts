import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { type ApiRequest, writeSnippet } from './snippets.ts'

const origin = 'http://localhost:3000'
const create: ApiRequest = {
  method: 'POST',
  path: '/api/products',
  body: { title: "Rosie's tea", price: 4.5, inStock: true, note: null, tags: ['green', { deep: [] }] },
}

describe('a request as a snippet', () => {
  test('curl survives a quote in the body: a shell hands it on unchanged', () => {
    const script = writeSnippet('curl', create, origin).replace(/^curl/, `printf '%s\\n'`)
    const words = spawnSync('sh', ['-c', script], { encoding: 'utf8' }).stdout
    expect(words).toContain(`${origin}/api/products`)
    expect(words).toContain(`"title": "Rosie's tea"`)
  })

  test('a GET says no method and sends no body', () => {
    const snippet = writeSnippet('curl', { method: 'GET', path: '/api/users?limit=20' }, origin)
    expect(snippet).not.toContain('-X')
    expect(snippet).not.toContain('-d ')
    expect(snippet).toContain('Authorization: Bearer YOUR_TOKEN')
  })

  test('a public request shows no token in any language', () => {
    for (const language of ['curl', 'typescript', 'python'] as const) {
      const snippet = writeSnippet(language, { method: 'GET', path: '/health', isPublic: true }, origin)
      expect(snippet).not.toMatch(/token/i)
    }
  })

  test('Python gets Python values', () => {
    const snippet = writeSnippet('python', create, origin)
    expect(snippet).toContain('"inStock": True')
    expect(snippet).toContain('"note": None')
    expect(snippet).not.toMatch(/\b(true|null)\b/)
  })

  test('TypeScript parses', () => {
    const body = writeSnippet('typescript', create, origin)
    const AsyncFunction = (async () => undefined).constructor as FunctionConstructor
    expect(() => new AsyncFunction(body)).not.toThrow()
  })
})

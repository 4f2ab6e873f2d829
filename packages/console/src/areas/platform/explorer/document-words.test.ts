import { describe, expect, it } from 'vitest'
import { editableText, previewOf, readObject, titleOf, touchedAt } from './document-words.ts'

const id = '0190e0c4-7a2b-7cc3-98c5-1f2a3b4c5d6e'

describe('documents in words', () => {
  it('is called by what tells it apart, and by its id where nothing does', () => {
    expect(titleOf({ _id: id, id, login: 'ann', name: '' })).toBe('ann')
    expect(titleOf({ _id: id, id, value: 7 })).toBe(id)
  })

  it('shows the values of a record instead of where it belongs', () => {
    expect(previewOf({ _id: id, id, resourcePath: '/api/a', data: { title: 'Lamp' } })).toBe(
      '{"title":"Lamp"}',
    )
    expect(previewOf({ _id: id, id, name: 'x'.repeat(500) })).toHaveLength(161)
    expect(touchedAt({ _id: id, id, createdAt: '2026-01-01T00:00:00.000Z' })).toBe('2026-01-01T00:00:00.000Z')
  })

  it('is edited without what cannot be changed', () => {
    const text = editableText({ _id: id, id, name: 'Ann', password: '[REDACTED]', createdAt: 'then' })
    expect(JSON.parse(text)).toEqual({ name: 'Ann' })
  })

  it('says what is wrong with a text that is no document', () => {
    expect(readObject('{"a":1}')).toEqual({ a: 1 })
    expect(readObject('[]')).toMatch(/is an object/)
    expect(readObject('{')).toMatch(/not JSON/)
  })
})

import { describe, expect, it } from 'vitest'
import {
  addField,
  type DraftField,
  draftIssues,
  fieldAtPath,
  moveField,
  newField,
  removeField,
  requestOf,
  sameDraft,
  updateField,
} from './draft.ts'
import { exampleOf } from './example.ts'

const names = (draft: readonly DraftField[]) => draft.map((field) => field.name)

describe('a schema while it is edited', () => {
  const title = newField('title')
  const size = {
    ...newField('size', 'object'),
    children: [newField('width', 'number'), newField('height', 'number')],
  }
  const draft = [title, newField('price', 'number'), size]

  it('moves a field among its siblings, on any level, and leaves other levels alone', () => {
    expect(names(moveField(draft, size.key, title.key))).toEqual(['size', 'title', 'price'])
    const [width, height] = size.children
    const moved = moveField(draft, height?.key ?? '', width?.key ?? '')
    expect(names(moved)).toEqual(['title', 'price', 'size'])
    expect(names(moved[2]?.children ?? [])).toEqual(['height', 'width'])
  })

  it('does not move a field to another level', () => {
    expect(moveField(draft, size.children[0]?.key ?? '', title.key)).toEqual(draft)
  })

  it('adds under a parent and removes from wherever a field is', () => {
    const added = addField(draft, size.key, newField('depth', 'number'))
    expect(names(added[2]?.children ?? [])).toEqual(['width', 'height', 'depth'])
    expect(names(removeField(added, size.key))).toEqual(['title', 'price'])
  })

  it('keeps the identity of a renamed field in the request, so that its values stay', () => {
    const stored = { ...title, id: '0190e0c4-7a2b-7cc3-98c5-1f2a3b4c5d6e' }
    const [renamed] = requestOf(updateField([stored], stored.key, { name: 'name' }))
    expect(renamed).toMatchObject({ id: stored.id, name: 'name' })
  })

  it('sends the order on screen and forgets fields under a type that has none', () => {
    const asText = updateField(draft, size.key, { type: 'string' })
    expect(requestOf(asText).map((field) => [field.order, field.name, field.children])).toEqual([
      [0, 'title', []],
      [1, 'price', []],
      [2, 'size', []],
    ])
  })

  it('knows what differs, half-typed defaults included', () => {
    expect(
      sameDraft(
        draft,
        draft.map((field) => ({ ...field })),
      ),
    ).toBe(true)
    expect(sameDraft(draft, updateField(draft, size.key, { defaultText: '{' }))).toBe(false)
  })

  it('finds names that are missing, taken twice or reserved, and defaults that are no value', () => {
    const bad = [
      newField('a'),
      newField('a'),
      newField(''),
      newField('_id'),
      { ...newField('n', 'number'), defaultText: 'x' },
    ]
    const issues = draftIssues(bad)
    expect(bad.map((field) => issues.has(field.key))).toEqual([false, true, true, true, true])
    expect(draftIssues(draft).size).toBe(0)
  })

  it('wants a reference to point somewhere', () => {
    const reference = newField('supplier', 'reference')
    expect(draftIssues([reference]).get(reference.key)).toContain('Choose the endpoint')
  })

  it('finds the field that the server complains about', () => {
    expect(fieldAtPath(draft, 'schema.2.children.1.name'.split('.'))?.name).toBe('height')
    expect(fieldAtPath(draft, ['schema', 9])).toBeUndefined()
  })

  it('shows an example record without what is hidden', () => {
    const secret = { ...newField('cost', 'number'), hidden: true }
    expect(exampleOf([...draft, secret])).toEqual({
      title: 'text',
      price: 42,
      size: { width: 42, height: 42 },
    })
    expect(exampleOf([secret], true)).toEqual({ cost: 42 })
  })
})

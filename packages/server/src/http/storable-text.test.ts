import { expect, it } from 'vitest'
import { unstorableText } from './storable-text.ts'

it.each([
  [{ a: ['fine', { b: 'x\0' }] }, 'body.a.1.b', 'must not contain U+0000'],
  [{ 'x\0': 1 }, 'body', 'must not contain U+0000'],
  [{ a: '\ud800' }, 'body.a', 'must not contain half of a surrogate pair'],
])('%j is refused where it stands', (value, path, message) => {
  expect(unstorableText(value, 'body')).toEqual([{ path, message }])
})

it('ordinary text of any script passes', () => {
  expect(unstorableText({ a: 'é 漢 😀', b: [1, null, true] }, 'body')).toEqual([])
})

it('a body nested deeper than the stack is walked to its end', () => {
  expect(unstorableText(JSON.parse(`${'['.repeat(200_000)}"x"${']'.repeat(200_000)}`), 'body')).toEqual([])
})

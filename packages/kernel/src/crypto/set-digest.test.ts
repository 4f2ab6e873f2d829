import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { emptySetDigest, parseSetDigest, setDigestText, withMember, withoutMember } from './set-digest.ts'

const members = fc.uniqueArray(fc.string({ maxLength: 20 }), { maxLength: 20 })
const digestOf = (list: readonly string[]) =>
  list.reduce((digest, member) => withMember(digest, ['kind', member]), emptySetDigest)

it('the digest of a set does not depend on the order in which its members came', () => {
  fc.assert(
    fc.property(members, (list) => {
      expect(digestOf(list)).toBe(digestOf(list.toReversed()))
    }),
  )
})

it('removing what was added gives the digest back, through its text form too', () => {
  fc.assert(
    fc.property(members, fc.string(), (list, extra) => {
      const added = parseSetDigest(setDigestText(withMember(digestOf(list), ['other', extra])))
      expect(withoutMember(added, ['other', extra])).toBe(digestOf(list))
    }),
  )
})

it('a member more, less or changed is another digest', () => {
  fc.assert(
    fc.property(
      members.filter((list) => list.length > 0),
      (list) => {
        expect(digestOf(list.slice(1))).not.toBe(digestOf(list))
      },
    ),
  )
})

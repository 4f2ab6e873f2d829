import { permissionNames } from '@holdfast/contracts/permissions'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Actor } from '../../../context.ts'
import { systemGroupIds } from '../groups/rules.ts'
import { isOwnName, mayManage, namesAfter, passwordLengthMin, roleOf, statusAfter } from './rules.ts'

const permissions = fc
  .subarray([...permissionNames])
  .map((names) => new Set<(typeof permissionNames)[number]>(names))
const groupIds = fc.subarray(Object.values(systemGroupIds))
const actors = fc.record({ permissions, groupIds }).map(
  (rights): Actor => ({
    kind: 'user',
    userId: 'a',
    login: 'a',
    sessionId: null,
    via: 'bearer',
    isAdmin: false,
    ...rights,
  }),
)

describe('the rules of users', () => {
  it('who is neither Admin nor Super Admin manages only rights they hold themselves', () => {
    fc.assert(
      fc.property(actors, fc.record({ permissions, groupIds }), (actor, rights) => {
        fc.pre(actor.kind === 'user' && roleOf(actor.groupIds) !== 'admin' && mayManage(actor, rights))
        expect(roleOf(rights.groupIds)).not.toBe('admin')
        expect([...(actor.kind === 'user' ? actor.permissions : [])]).toEqual(
          expect.arrayContaining([...rights.permissions]),
        )
      }),
    )
  })

  it('only a Super Admin manages a Super Admin', () => {
    fc.assert(
      fc.property(actors, permissions, (actor, held) => {
        const allowed = mayManage(actor, { groupIds: [systemGroupIds.superAdmin], permissions: held })
        expect(allowed).toBe(actor.kind === 'user' && actor.groupIds.includes(systemGroupIds.superAdmin))
      }),
    )
  })

  it('nobody who has not signed in manages anybody', () => {
    expect(mayManage({ kind: 'anonymous' }, { groupIds: [], permissions: new Set() })).toBe(false)
  })

  it('a login that was the old address follows the new one, and any other stays', () => {
    const byAddress = { login: 'a@example.com', email: 'a@example.com' }
    expect(namesAfter(byAddress, { email: 'b@example.com' })).toEqual({
      login: 'b@example.com',
      email: 'b@example.com',
    })
    expect(namesAfter({ login: 'ada', email: 'a@example.com' }, { email: null })).toEqual({
      login: 'ada',
      email: null,
    })
    expect(namesAfter({ login: 'ada', email: null }, { login: 'a@example.com' })).toEqual(byAddress)
  })

  it('an address that is not kept cannot be a login', () => {
    expect(isOwnName(namesAfter({ login: 'a@example.com', email: 'a@example.com' }, { email: null }))).toBe(
      false,
    )
    expect(isOwnName({ login: 'a@example.com', email: 'b@example.com' })).toBe(false)
    expect(isOwnName({ login: 'ada', email: null })).toBe(true)
  })

  it('administrators of either kind need longer passwords', () => {
    expect(
      [systemGroupIds.superAdmin, systemGroupIds.admin, systemGroupIds.editor].map((id) =>
        passwordLengthMin([id]),
      ),
    ).toEqual([10, 10, 8])
  })

  it('a peer is who is nothing but that', () => {
    expect(roleOf([systemGroupIds.peer])).toBe('peer')
    expect(roleOf([systemGroupIds.peer, systemGroupIds.user])).toBe('user')
    expect(roleOf([])).toBe('user')
    expect(roleOf([systemGroupIds.peer, systemGroupIds.admin])).toBe('admin')
  })

  it('a password makes an invited user active and leaves a suspended one suspended', () => {
    expect(statusAfter('invited', undefined, true)).toBe('active')
    expect(statusAfter('invited', 'invited', true)).toBe('active')
    expect(statusAfter('invited', 'suspended', true)).toBe('suspended')
    expect(statusAfter('suspended', undefined, true)).toBe('suspended')
    expect(statusAfter('invited', undefined, false)).toBe('invited')
  })
})

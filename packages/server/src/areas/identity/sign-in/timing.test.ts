import { hash, verify } from '@node-rs/argon2'
import { describe, expect, it } from 'vitest'
import { createPasswords, type PasswordCost, passwordCost } from '../passwords/passwords.ts'

/** The real functions, counted: what they are asked to do is what takes the time. */
function countedPasswords(cost: PasswordCost) {
  const verified: string[] = []
  const passwords = createPasswords(cost, {
    hash,
    verify: (hashed, password) => {
      verified.push(hashed.split('$')[3] ?? '')
      return verify(hashed, password)
    },
  })
  return { passwords, verified }
}

const cheap = { memoryCost: 8, timeCost: 1, parallelism: 1 }

describe('the time a password takes', () => {
  it('is one verification at the same cost, whether or not there is such a user', async () => {
    const { passwords, verified } = countedPasswords(cheap)
    const known = await passwords.hash('Correct-horse-9')
    expect(await passwords.matches('Correct-horse-9', known)).toBe(true)
    expect(await passwords.matches('wrong', known)).toBe(false)
    expect(await passwords.matches('wrong', null)).toBe(false)
    expect(verified).toEqual(['m=8,t=1,p=1', 'm=8,t=1,p=1', 'm=8,t=1,p=1'])
  })

  it('is not saved by a password that cannot be hashed', async () => {
    const { passwords, verified } = countedPasswords(cheap)
    expect(await passwords.matches('', null)).toBe(false)
    expect(verified).toHaveLength(1)
  })

  it('follows the current OWASP cost, and older hashes are known as such', async () => {
    expect(passwordCost).toEqual({ memoryCost: 19_456, timeCost: 2, parallelism: 1 })
    const old = await createPasswords(cheap).hash('Correct-horse-9')
    expect(createPasswords().isOutdated(old)).toBe(true)
    expect(createPasswords(cheap).isOutdated(old)).toBe(false)
  })

  it('does not hold up the event loop', async () => {
    const passwords = createPasswords()
    const order: string[] = []
    const hashing = passwords.hash('Correct-horse-9').then(() => order.push('hashed'))
    await new Promise<void>((resolve) => setImmediate(resolve))
    order.push('turned')
    await hashing
    expect(order).toEqual(['turned', 'hashed'])
  })
})

import { randomBytes } from 'node:crypto'
import { hash, parseOptions, verify } from '@node-rs/argon2'
import { createTurns } from './turns.ts'

/** OWASP Password Storage Cheat Sheet, argon2id: 19 MiB, two passes, one lane. */
export const passwordCost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

export interface PasswordCost {
  /** KiB. */
  memoryCost: number
  timeCost: number
  parallelism: number
}

/** The two slow functions; both run on the thread pool, never on the event loop. */
export interface Argon2 {
  hash(password: string, cost: PasswordCost): Promise<string>
  verify(hashed: string, password: string): Promise<boolean>
}

/** Both throw server.unavailable when too many wait already: a flood of sign-ins must not eat the memory. */
export interface Passwords {
  /** A PHC string, made with a salt of its own. */
  hash(password: string): Promise<string>
  /** Takes as long without a hash (no such user, no password yet) as with one, and is false then. */
  matches(password: string, hashed: string | null): Promise<boolean>
  /** True when `hashed` was made at another cost and should be made again while the password is at hand. */
  isOutdated(hashed: string): boolean
}

/** Each takes its memory and some tens of milliseconds of a core: what waits longer than this many is better told to come back. */
const waitingMax = 64
const atOnceMax = 4

export function createPasswords(
  cost: PasswordCost = passwordCost,
  argon2: Argon2 = { hash, verify },
): Passwords {
  const nobodysHash = randomHash(cost)
  const inTurn = createTurns({ atOnceMax, waitingMax })
  return {
    hash: (password) => inTurn(() => argon2.hash(password, cost)),
    async matches(password, hashed) {
      const matched = await inTurn(() => argon2.verify(hashed ?? nobodysHash, password))
      return matched && hashed !== null
    },
    isOutdated(hashed) {
      const made = parseOptions(hashed)
      return (
        made.memoryCost !== cost.memoryCost ||
        made.timeCost !== cost.timeCost ||
        made.parallelism !== cost.parallelism
      )
    },
  }
}

/** A well-formed hash that no password has, in the PHC string format (phc-winner-argon2). */
function randomHash(cost: PasswordCost): string {
  const base64 = (bytes: number) => randomBytes(bytes).toString('base64').replaceAll('=', '')
  return `$argon2id$v=19$m=${cost.memoryCost},t=${cost.timeCost},p=${cost.parallelism}$${base64(16)}$${base64(32)}`
}

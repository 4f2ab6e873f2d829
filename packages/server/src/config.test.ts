import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { readConfig } from './config.ts'

describe('the configuration from the environment', () => {
  it('says every mistake at once, also those that two settings make together', () => {
    const wrong = {
      PORT: 'many',
      HOLDFAST_MASTER_KEY: 'short',
      HOLDFAST_ADMIN_PASSWORD: 'Seven77',
    }
    expect(() => readConfig(wrong)).toThrow(
      [
        'The configuration has 4 mistakes:',
        '  - PORT must be a whole number from 0 to 65535, not "many".',
        '  - HOLDFAST_MASTER_KEY must be base64 of 32 random bytes. Make one with: openssl rand -base64 32',
        '  - HOLDFAST_ADMIN_LOGIN and HOLDFAST_ADMIN_PASSWORD are set together, or not at all.',
        '  - HOLDFAST_ADMIN_PASSWORD must have at least 8 characters.',
      ].join('\n'),
    )
  })

  it('takes a whole one', () => {
    const whole = {
      HOLDFAST_MASTER_KEY: randomBytes(32).toString('base64'),
      HOLDFAST_ADMIN_LOGIN: 'ada',
      HOLDFAST_ADMIN_PASSWORD: 'Eight-88',
    }
    expect(readConfig(whole)).toMatchObject(whole)
  })
})

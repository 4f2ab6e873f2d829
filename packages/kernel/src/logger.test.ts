import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createLogger, silentLogger } from './logger.ts'

function createCapture(options: { secretFields?: readonly string[]; level?: 'debug' | 'warn' } = {}) {
  const lines: string[] = []
  const logger = createLogger({ level: 'debug', ...options }, { write: (line) => void lines.push(line) })
  return { logger, lines }
}

/** Every name that the product uses for a secret, wherever it comes from. */
const secretNames = [
  'password',
  'accessToken',
  'refresh_token',
  'authorization',
  'cookie',
  'set-cookie',
  'apiKey',
]

describe('logger', () => {
  it('writes one line of JSON with level, time, facts and sentence', () => {
    const { logger, lines } = createCapture()
    logger.child({ area: 'identity' }).warn({ count: 2 }, 'Two things happened')
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      level: 'warn',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      area: 'identity',
      count: 2,
      msg: 'Two things happened',
    })
  })

  it('no secret reaches a line, whatever object it stands in', () => {
    const value = 'S3cret-value'
    fc.assert(
      fc.property(
        fc.constantFrom(...secretNames),
        fc.array(fc.constantFrom('request', 'headers', 'body', 'user'), { maxLength: 9 }),
        (name, path) => {
          const { logger, lines } = createCapture()
          logger.info(
            path.reduceRight<object>((inner, key) => ({ [key]: inner }), { [name]: value, kept: 'visible' }),
            'Seen',
          )
          expect(lines[0]).not.toContain(value)
          expect(lines[0]).toContain('visible')
        },
      ),
    )
  })

  it('fields that a contract marks are masked as well', () => {
    const { logger, lines } = createCapture({ secretFields: ['pin'] })
    logger.info({ input: { pin: '4711' } }, 'Seen')
    expect(lines[0]).toContain('"pin":"[secret]"')
  })

  it('masks what a child logger carries and what an error holds, and writes the error whole', () => {
    const { logger, lines } = createCapture()
    const error = Object.assign(new RangeError('Too many'), { password: 'S3cret-value', code: 'E1' })
    logger.child({ token: 'S3cret-value' }).error({ err: error }, 'Failed')
    expect(lines[0]).not.toContain('S3cret-value')
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      token: '[secret]',
      err: { type: 'RangeError', message: 'Too many', code: 'E1', stack: expect.any(String) },
    })
  })

  it('what is below the level is not written', () => {
    const { logger, lines } = createCapture({ level: 'warn' })
    logger.debug({}, 'quiet')
    logger.info({}, 'quiet')
    logger.error({}, 'loud')
    expect(lines).toHaveLength(1)
  })

  it('the silent logger and its children take everything and say nothing', () => {
    expect(silentLogger.child({}).error({}, 'nothing')).toBeUndefined()
  })
})

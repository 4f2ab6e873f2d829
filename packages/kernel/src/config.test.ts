import { describe, expect, it } from 'vitest'
import { ConfigError, integer, list, oneOf, parseConfig, text, url } from './config.ts'

const settings = {
  PORT: integer('TCP port', { min: 0, max: 65_535, fallback: 3000 }),
  LEVEL: oneOf('How much is logged', ['debug', 'info'], 'info'),
  ADDRESS: url('Public address', ['http', 'https']),
  ALLOW: list('Allowed hosts'),
  NAME: text('A name', 'holdfast'),
}

describe('configuration', () => {
  it('an empty environment gives the defaults', () => {
    expect(parseConfig(settings, {})).toEqual({
      PORT: 3000,
      LEVEL: 'info',
      ADDRESS: undefined,
      ALLOW: [],
      NAME: 'holdfast',
    })
  })

  it('blank text counts as absent', () => {
    expect(parseConfig(settings, { PORT: '  ', NAME: '' })).toMatchObject({ PORT: 3000, NAME: 'holdfast' })
  })

  it('values are parsed to what they mean', () => {
    const environment = { PORT: ' 80 ', LEVEL: 'debug', ADDRESS: 'https://x.example/y', ALLOW: 'a, b,,c' }
    const values = parseConfig(settings, environment)
    expect(values).toMatchObject({ PORT: 80, LEVEL: 'debug', ALLOW: ['a', 'b', 'c'] })
    expect(values.ADDRESS?.href).toBe('https://x.example/y')
  })

  it('every mistake is reported at once, each with its name and what would be right', () => {
    const parse = () => parseConfig(settings, { PORT: '70000', LEVEL: 'loud', ADDRESS: 'ftp://x' })
    expect(parse).toThrow(
      new ConfigError([
        'PORT must be a whole number from 0 to 65535, not "70000".',
        'LEVEL must be one of debug, info, not "loud".',
        'ADDRESS must be a URL that starts with http:// or https://.',
      ]),
    )
  })

  it.each(['1.5', 'ten', '-1', '65536', '1e9'])('a port of %s is refused', (PORT) => {
    expect(() => parseConfig(settings, { PORT })).toThrow(ConfigError)
  })
})

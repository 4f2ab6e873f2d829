import { describe, expect, it } from 'vitest'
import { defaultDataDirectory } from './default-data-directory.ts'

describe('the default data directory', () => {
  it.each([
    ['root', {}, true, '/var/lib/holdfast'],
    ['root, whatever XDG says', { XDG_DATA_HOME: '/elsewhere' }, true, '/var/lib/holdfast'],
    ['a user with XDG_DATA_HOME', { XDG_DATA_HOME: '/data', HOME: '/home/ada' }, false, '/data/holdfast'],
    ['a user without', { HOME: '/home/ada' }, false, '/home/ada/.local/share/holdfast'],
    [
      'a user with a relative one',
      { XDG_DATA_HOME: 'data', HOME: '/home/ada' },
      false,
      '/home/ada/.local/share/holdfast',
    ],
  ])('of %s', (_who, environment, isRoot, expected) => {
    expect(defaultDataDirectory(environment, isRoot)).toBe(expected)
  })
})

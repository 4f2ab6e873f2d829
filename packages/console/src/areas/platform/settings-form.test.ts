import { settingDefaults, settingNames } from '@holdfast/contracts/platform/settings'
import { expect, test } from 'vitest'
import { settingsForm, toForm } from './schemas.ts'
import { settingSections } from './setting-words.ts'

test('every setting of the catalogue stands on the page exactly once', () => {
  const shown = settingSections.flatMap((section) => section.names)
  expect([...shown].sort()).toEqual([...settingNames].sort())
})

test('what the form shows of the defaults is sent back as the defaults', () => {
  expect(settingsForm.parse(toForm(settingDefaults))).toEqual(settingDefaults)
})

test('a bound is said in the unit that the form shows', () => {
  const tooLong = { ...toForm(settingDefaults), authLockoutDurationMs: 1_441 }
  expect(settingsForm.safeParse(tooLong).error?.issues).toMatchObject([
    { path: ['authLockoutDurationMs'], message: 'must be at most 1,440' },
  ])
})

import { expect, test } from 'vitest'
import { waitingFor } from './applied.ts'

const headers = (applied: string) => new Headers({ 'x-config-applied': applied })

test('a change that not every connected gateway has yet says how many have', () => {
  expect(waitingFor(headers('2/3'))).toContain('2 of 3 connected gateways have it')
  expect(waitingFor(headers('1/2'))).toContain('1 of 2 connected gateways has it')
  expect(waitingFor(headers('0/1'))).toContain('0 of 1 connected gateway have it')
})

test('a change that all have, or that nobody waited for, says nothing', () => {
  for (const applied of ['3/3', '0/0', '', 'soon']) expect(waitingFor(headers(applied))).toBeUndefined()
  expect(waitingFor(undefined)).toBeUndefined()
})

import { describe, expect, it } from 'vitest'
import { tally } from './vitest.ts'

const file = (status: string, ...statuses: string[]) => ({
  name: 'some.test.ts',
  status,
  assertionResults: statuses.map((each) => ({ status: each })),
})

describe('the count at the end of npm test', () => {
  it('counts what passed, failed and was skipped', () => {
    const report = {
      testResults: [file('failed', 'passed', 'failed', 'skipped'), file('passed', 'passed', 'todo')],
    }
    expect(tally(report, false)).toEqual({ passed: 2, failed: 1, skipped: 2 })
  })

  it('a file that does not load is a failure', () => {
    expect(tally({ testResults: [file('failed')] }, false)).toEqual({ passed: 0, failed: 1, skipped: 0 })
  })

  it('a run that dies without a report is a failure', () => {
    expect(tally(null, false)).toEqual({ passed: 0, failed: 1, skipped: 0 })
  })

  it('a run that fails although every test passed is a failure', () => {
    expect(tally({ testResults: [file('passed', 'passed')] }, false).failed).toBe(1)
  })
})

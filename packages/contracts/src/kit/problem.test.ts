import { describe, expect, it } from 'vitest'
import { problem, problems } from '../problems.ts'
import { isProblem, Problem } from './problem.ts'

describe('problems', () => {
  it('carry status and sentence of the catalogue', () => {
    const refusal = problem('groups.not_found')
    expect(refusal).toBeInstanceOf(Problem)
    expect(refusal).toMatchObject({
      code: 'groups.not_found',
      status: 404,
      message: problems['groups.not_found'].sentence,
    })
  })

  it('a sentence with the facts replaces the general one, status and code stay', () => {
    const refusal = problem('groups.name_taken', { sentence: 'There is a group "Support" already.' })
    expect(refusal).toMatchObject({
      code: 'groups.name_taken',
      status: 409,
      message: 'There is a group "Support" already.',
    })
  })

  it('keep their cause for the log', () => {
    const cause = new Error('duplicate key')
    expect(problem('groups.name_taken', { cause }).cause).toBe(cause)
  })

  it('are told apart by code, and from everything else', () => {
    const refusal = problem('groups.not_found')
    expect(isProblem(refusal)).toBe(true)
    expect(isProblem(refusal, 'groups.not_found')).toBe(true)
    expect(isProblem(refusal, 'groups.name_taken')).toBe(false)
    expect(isProblem(new Error('groups.not_found'))).toBe(false)
  })
})

describe('the catalogue', () => {
  it.each(Object.entries(problems))(
    '%s has a name, a refusing status and a sentence for a person',
    (code, { status, sentence }) => {
      expect(code).toMatch(/^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/)
      expect(status).toBeGreaterThanOrEqual(400)
      expect(status).toBeLessThan(600)
      // Clients of reference 000 know these words without a full stop.
      expect(sentence).toMatch(/^([A-Z].*[.!]|Forbidden: [a-z ]+|Invalid cron schedule expression)$/)
    },
  )
})

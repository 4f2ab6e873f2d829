import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { canaryDirectory, cruiseImports, ruleNames } from '../../scripts/checks/cruise.ts'

const repository = join(import.meta.dirname, '../..')

describe('imports', () => {
  it('every rule catches the file that was made to break it', async () => {
    const { violations } = await cruiseImports(canaryDirectory, ['packages'])
    const caught = new Set(violations.map(({ rule }) => rule.name))
    expect(ruleNames.filter((name) => !caught.has(name))).toEqual([])
  })

  it('the repository keeps every rule, and was really looked at', async () => {
    const { moduleCount, violations } = await cruiseImports(repository, ['packages'])
    expect(violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`)).toEqual([])
    expect(moduleCount).toBeGreaterThan(100)
  })
})

import { codeDeclarations } from '@holdfast/contracts/builder/code-declarations'
import { describe, expect, it } from 'vitest'
import { readDeclarations } from './declared.ts'

describe('completions from declarations', () => {
  const { members, types, names } = readDeclarations(codeDeclarations)
  const labels = (name: string) => members.get(types.get(name) ?? '')?.map(({ label }) => label)

  it('know what code can reach, members and those of parents', () => {
    expect(names.map(({ label }) => label)).toEqual(['db', 'req', 'secrets', 'console', 'log', 'fetch'])
    expect(labels('db')).toEqual(['findOne', 'find', 'create', 'update', 'delete', 'collection'])
    expect(labels('req')).toEqual(['method', 'path', 'params', 'query', 'headers', 'body', 'user', 'result'])
    expect(labels('secrets')).toEqual(['get'])
  })

  it('say what each is for', () => {
    expect(members.get('Secrets')?.[0]?.info).toContain('Masked')
  })
})

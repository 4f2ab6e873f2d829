import { describe, expect, it } from 'vitest'
import type { StoredRecord } from './api.ts'
import { applyChanges, type LoadedRecords } from './live-changes.ts'

const record = (id: string, more: object = {}): StoredRecord => ({
  id,
  createdAt: 'then',
  updatedAt: 'then',
  ...more,
})
const loaded = (...records: StoredRecord[]): LoadedRecords => ({
  pageParams: [null],
  pages: [{ data: records, meta: { total: 10, nextCursor: null } }],
})
const shown = (list: LoadedRecords | null) => list?.pages.flatMap((page) => page.data.map(({ id }) => id))

describe('changes that arrive while a list is on screen', () => {
  it('put a new record on top and count it', () => {
    const next = applyChanges(
      loaded(record('a')),
      [{ kind: 'saved', isNew: true, record: record('b') }],
      true,
    )
    expect(shown(next)).toEqual(['b', 'a'])
    expect(next?.pages[0]?.meta.total).toBe(11)
  })

  it('replace a record in its place and keep the name of what it refers to', () => {
    const supplier = { id: 's1', name: 'Northwind' }
    const changed = record('a', { title: 'new', supplier: 's1' })
    const next = applyChanges(
      loaded(record('a', { title: 'old', supplier })),
      [{ kind: 'saved', isNew: false, record: changed }],
      true,
    )
    expect(next?.pages[0]?.data[0]).toMatchObject({ title: 'new', supplier })
    const moved = applyChanges(
      loaded(record('a', { supplier })),
      [{ kind: 'saved', isNew: false, record: record('a', { supplier: 's2' }) }],
      true,
    )
    expect(moved?.pages[0]?.data[0]?.['supplier']).toBe('s2')
  })

  it('take a deleted record away and count it', () => {
    const next = applyChanges(loaded(record('a'), record('b')), [{ kind: 'deleted', id: 'a' }], true)
    expect(shown(next)).toEqual(['b'])
    expect(next?.pages[0]?.meta.total).toBe(9)
  })

  it('count one that arrives twice only once', () => {
    const change = { kind: 'saved', isNew: true, record: record('b') } as const
    expect(applyChanges(loaded(record('a')), [change, change], true)?.pages[0]?.meta.total).toBe(11)
  })

  it('ask for the list again where only the server can tell', () => {
    const change = { kind: 'saved', isNew: true, record: record('b') } as const
    expect(applyChanges(loaded(record('a')), [change], false)).toBeNull()
    expect(applyChanges(loaded(record('a')), [{ kind: 'reset' }], true)).toBeNull()
  })
})

import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { Done, done, offsetPage, ok, page, pageQuery, success, Timestamp } from './answer.ts'
import { Id, RecordId } from './id.ts'

describe('answers', () => {
  it('the helpers make what the schemas accept', () => {
    expect(ok(z.int()).parse(success(5))).toEqual({ success: true, data: 5 })
    expect(Done.parse(done('Gone'))).toEqual({ success: true, message: 'Gone' })
  })

  it('lists carry their page', () => {
    const meta = { page: 1, limit: 20, total: 1 }
    expect(page(z.int()).safeParse({ success: true, data: [1], meta }).success).toBe(true)
    expect(page(z.int()).safeParse({ success: true, data: [1] }).success).toBe(false)
    expect(offsetPage(z.int()).safeParse({ data: [1], total: 1, limit: 20, offset: 0 }).success).toBe(true)
  })

  it('a timestamp is an instant in UTC', () => {
    expect(Timestamp.safeParse('2026-01-01T00:00:00.000Z').success).toBe(true)
    expect(Timestamp.safeParse('2026-01-01T00:00:00+02:00').success).toBe(false)
    expect(Timestamp.safeParse('2026-01-01').success).toBe(false)
  })
})

describe('page queries', () => {
  it('have defaults and read text, as it stands in an address', () => {
    expect(pageQuery().parse({})).toEqual({ page: 1, limit: 20 })
    expect(pageQuery(50, 100).parse({ page: '3' })).toEqual({ page: 3, limit: 50 })
  })

  it.each([
    { page: '0' },
    { page: '1.5' },
    { limit: '201' },
    { limit: '-1' },
    { page: 'x' },
    { page: '2000000' },
  ])('refuse %j', (query) => {
    expect(pageQuery().safeParse(query).success).toBe(false)
  })
})

describe('ids', () => {
  it('any UUID is accepted, so that an unknown one is absent and not invalid', () => {
    expect(Id.safeParse('019b0000-0000-7000-8000-000000000001').success).toBe(true)
    expect(Id.safeParse('9b2d1c3e-5f60-4a7b-8c9d-0e1f2a3b4c5d').success).toBe(true)
    expect(Id.safeParse('1').success).toBe(false)
  })

  it('records have 24 hexadecimal characters', () => {
    expect(RecordId.safeParse('65a1b2c3d4e5f60718293a4b').success).toBe(true)
    expect(RecordId.safeParse('65a1b2c3d4e5f60718293a4').success).toBe(false)
    expect(RecordId.safeParse('zza1b2c3d4e5f60718293a4b').success).toBe(false)
  })
})

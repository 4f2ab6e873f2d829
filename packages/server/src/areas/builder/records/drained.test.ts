import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { drained } from './drained.ts'

describe('waiting for a slow reader', () => {
  it('goes on when there is room, and leaves no listener behind however often it waits', async () => {
    const stream = new PassThrough({ highWaterMark: 1 })
    const before = stream.listenerCount('close') + stream.listenerCount('drain')
    for (let round = 0; round < 20; round += 1) {
      expect(stream.write('more than fits')).toBe(false)
      const room = drained(stream)
      stream.resume()
      await room
      stream.pause()
    }
    expect(stream.listenerCount('close') + stream.listenerCount('drain')).toBe(before)
  })

  it('ends when the reader is gone', async () => {
    const stream = new PassThrough()
    const gone = drained(stream)
    stream.destroy()
    await expect(gone).resolves.toBeUndefined()
  })
})

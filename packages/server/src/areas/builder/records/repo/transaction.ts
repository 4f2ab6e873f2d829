import type { Lane } from './lanes.ts'

/** Runs `work` between BEGIN and COMMIT; whatever it throws rolls everything back. */
export async function inTransaction<T>(lane: Lane, work: () => Promise<T>): Promise<T> {
  await lane.run({ text: 'begin' }, [])
  try {
    const result = await work()
    await lane.run({ text: 'commit' }, [])
    return result
  } catch (error) {
    // A lost connection has rolled back already, and says so itself.
    await lane.run({ text: 'rollback' }, []).catch(() => undefined)
    throw error
  }
}

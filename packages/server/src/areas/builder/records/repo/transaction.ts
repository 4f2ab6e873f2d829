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

/** Runs `work` in a transaction that never commits. */
export async function rolledBack<T>(lane: Lane, work: () => Promise<T>): Promise<T> {
  await lane.run({ text: 'begin' }, [])
  try {
    return await work()
  } finally {
    // A lost connection has rolled back already, and says so itself.
    await lane.run({ text: 'rollback' }, []).catch(() => undefined)
  }
}

/**
 * The lane of an open transaction for code that expects one of its own: what it begins becomes a savepoint, and a
 * statement that is refused does not take the transaction with it.
 */
export function createNestedLane(lane: Lane): Lane {
  const inner: Record<string, string> = {
    begin: 'savepoint inner_transaction',
    commit: 'release savepoint inner_transaction',
    rollback: 'rollback to savepoint inner_transaction',
  }
  return {
    shard: lane.shard,
    async run(statement, values) {
      const own = inner[statement.text]
      if (own !== undefined) return lane.run({ text: own }, [])
      if (/^(savepoint|release|rollback)\b/i.test(statement.text)) return lane.run(statement, values)
      await lane.run({ text: 'savepoint inner_statement' }, [])
      try {
        const result = await lane.run(statement, values)
        await lane.run({ text: 'release savepoint inner_statement' }, [])
        return result
      } catch (error) {
        await lane.run({ text: 'rollback to savepoint inner_statement' }, [])
        throw error
      }
    },
  }
}

import type { TestDatabase } from '@holdfast/database/testing'

/** A migrated database, reached over the socket of a test server. */
export type Connection = TestDatabase['connectionConfig']

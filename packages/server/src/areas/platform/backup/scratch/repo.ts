import { clientConfig, type ConnectionConfig, MarkingClient } from '@holdfast/database/client'
import { escapeIdentifier } from 'pg'

/**
 * Databases beside the product's own, on the same PostgreSQL. Their names begin with that of the product's, so that two
 * installations on one PostgreSQL do not meet, and what a killed process has left is known.
 */
export function createScratchRepo(connection: ConnectionConfig) {
  async function withClient<T>(work: (client: MarkingClient) => Promise<T>): Promise<T> {
    const client = new MarkingClient({ ...clientConfig(connection), application_name: 'holdfast backup' })
    await client.connect()
    try {
      return await work(client)
    } finally {
      await client.end()
    }
  }
  const drop = (client: MarkingClient, name: string) =>
    client.query(`drop database if exists ${escapeIdentifier(name)}`)

  return {
    mayCreate: () =>
      withClient(async (client) => {
        const { rows } = await client.query<{ may: boolean }>(
          'select rolcreatedb or rolsuper as may from pg_roles where rolname = current_user',
        )
        return rows[0]?.may === true
      }),

    /** Makes an empty one, and removes those that nobody is connected to any more. */
    create: (suffix: string) =>
      withClient(async (client) => {
        const { rows } = await client.query<{ name: string; own: string }>(
          `select current_database() as own, datname as name from pg_database
           left join pg_stat_activity using (datname)
           where starts_with(datname, current_database() || '_scratch_') and pid is null`,
        )
        for (const { name } of rows) await drop(client, name)
        const { rows: own } = await client.query<{ name: string }>('select current_database() as name')
        const name = `${own[0]?.name ?? ''}_scratch_${suffix}`
        await client.query(`create database ${escapeIdentifier(name)} template template0`)
        return name
      }),

    drop: (name: string) => withClient(async (client) => void (await drop(client, name))),
  }
}

import { z } from 'zod'
import { Done, ok } from '../kit/answer.ts'
import { route } from '../kit/route.ts'
import { secret } from '../kit/secret.ts'

const SqlView = z
  .object({
    /** In the schema `records_view`. */
    name: z.string(),
    /** Whose records it shows. */
    path: z.string(),
    columns: z.array(z.object({ name: z.string(), type: z.string() })),
  })
  .meta({ id: 'SqlView' })
export type SqlView = z.output<typeof SqlView>

const SqlAccess = z
  .object({
    isOpen: z.boolean(),
    /** Where this server reaches PostgreSQL; a folder when it is by the socket in it. */
    host: z.string(),
    port: z.int(),
    /** The PostgreSQL role that may read the views, and nothing else. */
    role: z.string(),
    database: z.string(),
    schema: z.string(),
    views: z.array(SqlView),
  })
  .meta({ id: 'SqlAccess' })
export type SqlAccess = z.output<typeof SqlAccess>

const access = { admin: true } as const

export const getSqlAccess = route({
  id: 'sqlAccess.get',
  method: 'GET',
  path: '/api/database/sql-access',
  summary: 'Say whether records can be read with SQL, and as which views',
  access,
  answers: { 200: ok(SqlAccess) },
})

export const openSqlAccess = route({
  id: 'sqlAccess.open',
  method: 'POST',
  path: '/api/database/sql-access',
  summary: 'Make views of all records, and a role that may read them; once more, give it a new password',
  access,
  audit: 'database.sql_access_opened',
  answers: {
    201: ok(
      SqlAccess.extend({
        password: secret(z.string())
          .nullable()
          .describe('Shown once. Null where whoever made the role has given it one.'),
      }),
    ),
  },
  problems: ['database.sql_access_unavailable'],
})

export const closeSqlAccess = route({
  id: 'sqlAccess.close',
  method: 'DELETE',
  path: '/api/database/sql-access',
  summary: 'Remove the views; the role stays, with nothing to read',
  access,
  audit: 'database.sql_access_closed',
  answers: { 200: Done },
})

export const sqlAccessRoutes = [getSqlAccess, openSqlAccess, closeSqlAccess] as const

import type { Database } from '@holdfast/database/database'
import { type Selectable, sql } from 'kysely'
import type { Context } from '../../../../context.ts'
import type { Tables } from '../../../../tables.ts'
import type { StoredCollectionRow, StoredField } from '../stored.ts'

export type CollectionsRepo = ReturnType<typeof createCollectionsRepo>

/** All SQL of collections and the registry of their fields. */
export function createCollectionsRepo(database: Database<Tables>) {
  return {
    async all(ctx: Context): Promise<StoredCollectionRow[]> {
      return database.of(ctx).selectFrom('collections').select(['id', 'path']).execute()
    },

    async allFields(ctx: Context): Promise<StoredField[]> {
      return (await database.of(ctx).selectFrom('collection_fields').selectAll().orderBy('id').execute()).map(
        fromRow,
      )
    },

    async find(ctx: Context, id: string): Promise<StoredCollectionRow | undefined> {
      return database
        .of(ctx)
        .selectFrom('collections')
        .select(['id', 'path'])
        .where('id', '=', id)
        .executeTakeFirst()
    },

    /** Makes the collection unless it exists, and locks it: one schema changes at a time. */
    async ensure(
      ctx: Context,
      row: { id: string; path: string; at: Date },
    ): Promise<{ collection: StoredCollectionRow; isNew: boolean }> {
      await database
        .of(ctx)
        .insertInto('collections')
        .values({ id: row.id, path: row.path, created_at: row.at.toISOString() })
        .onConflict((conflict) => conflict.column('path').doNothing())
        .execute()
      const collection = await database
        .of(ctx)
        .selectFrom('collections')
        .select(['id', 'path'])
        .where('path', '=', row.path)
        .forUpdate()
        .executeTakeFirstOrThrow()
      return { collection, isNew: collection.id === row.id }
    },

    async lock(ctx: Context, id: string): Promise<StoredCollectionRow> {
      return database
        .of(ctx)
        .selectFrom('collections')
        .select(['id', 'path'])
        .where('id', '=', id)
        .forUpdate()
        .executeTakeFirstOrThrow()
    },

    async pathIsTaken(ctx: Context, path: string): Promise<boolean> {
      return (
        (await database
          .of(ctx)
          .selectFrom('collections')
          .select('id')
          .where('path', '=', path)
          .executeTakeFirst()) !== undefined
      )
    },

    async rename(ctx: Context, id: string, path: string): Promise<void> {
      await database.of(ctx).updateTable('collections').set({ path }).where('id', '=', id).execute()
    },

    /** References into one collection become references into another. */
    async repoint(ctx: Context, from: string, to: string): Promise<void> {
      await database
        .of(ctx)
        .updateTable('collection_fields')
        .set({ ref_collection_id: to })
        .where('ref_collection_id', '=', from)
        .execute()
    },

    async remove(ctx: Context, id: string): Promise<void> {
      await database.of(ctx).deleteFrom('collections').where('id', '=', id).execute()
    },

    async fieldsOf(ctx: Context, collectionIds: readonly string[]): Promise<StoredField[]> {
      if (collectionIds.length === 0) return []
      const rows = await database
        .of(ctx)
        .selectFrom('collection_fields')
        .selectAll()
        .where('collection_id', 'in', [...collectionIds])
        .orderBy('id')
        .execute()
      return rows.map(fromRow)
    },

    async findField(ctx: Context, id: string): Promise<StoredField | undefined> {
      const row = await database
        .of(ctx)
        .selectFrom('collection_fields')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirst()
      return row && fromRow(row)
    },

    async setIndexFlags(
      ctx: Context,
      id: string,
      flags: { isUnique: boolean; isIndexed: boolean },
    ): Promise<void> {
      await database
        .of(ctx)
        .updateTable('collection_fields')
        .set({ is_unique: flags.isUnique, is_indexed: flags.isIndexed })
        .where('id', '=', id)
        .execute()
    },

    /** Writes new and changed fields; parents must come before their children. */
    async saveFields(ctx: Context, fields: readonly StoredField[], at: Date): Promise<void> {
      for (const field of fields) {
        const row = toRow(field, at)
        const { id, collection_id, parent_id, key, retired_at, ...changes } = row
        void [id, collection_id, parent_id, key]
        await database
          .of(ctx)
          .insertInto('collection_fields')
          .values(row)
          .onConflict((conflict) =>
            conflict.column('id').doUpdateSet({
              ...changes,
              retired_at:
                retired_at === null
                  ? null
                  : sql<string>`coalesce(collection_fields.retired_at, excluded.retired_at)`,
            }),
          )
          .execute()
      }
    },
  }
}

function fromRow(row: Selectable<Tables['collection_fields']>): StoredField {
  return {
    id: row.id,
    collectionId: row.collection_id,
    parentId: row.parent_id,
    key: row.key,
    name: row.name,
    type: row.type as StoredField['type'],
    refCollectionId: row.ref_collection_id,
    isUnique: row.is_unique,
    isIndexed: row.is_indexed,
    isHidden: row.is_hidden,
    readGroupIds: row.read_group_ids,
    writeGroupIds: row.write_group_ids,
    isRetired: row.retired_at !== null,
    isEmpty: row.is_empty,
  }
}

function toRow(field: StoredField, at: Date) {
  return {
    id: field.id,
    collection_id: field.collectionId,
    parent_id: field.parentId,
    key: field.key,
    name: field.name,
    type: field.type,
    ref_collection_id: field.refCollectionId,
    is_unique: field.isUnique,
    is_indexed: field.isIndexed,
    is_hidden: field.isHidden,
    read_group_ids: [...field.readGroupIds],
    write_group_ids: [...field.writeGroupIds],
    retired_at: field.isRetired ? at.toISOString() : null,
    is_empty: field.isEmpty,
  }
}

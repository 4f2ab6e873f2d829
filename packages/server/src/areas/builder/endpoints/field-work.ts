import { problem } from '@holdfast/contracts/problems'
import { type Database, databaseErrorCode } from '@holdfast/database/database'
import { z } from 'zod'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import type { Events } from '../../../work/events/service.ts'
import type { OperationHandler } from '../../../work/operations/service.ts'
import { fieldTypeDefinitions } from '../field-types/index.ts'
import { type RecordStore, UniqueViolation } from '../model.ts'
import type { CollectionsRepo } from './collections/repo.ts'
import { changeHolders, holderPath, isHolder } from './nested-values.ts'
import { type StoredField, withTable } from './stored.ts'

/** The slow half of a schema change, as operations: safe to run twice, harmless when the field has changed meanwhile. */
export const indexFieldKind = 'endpoints.index_field'
export const convertValuesKind = 'endpoints.convert_values'

interface Needs {
  collections: Pick<CollectionsRepo, 'find' | 'findField' | 'setIndexFlags'>
  store: Pick<RecordStore, 'createIndex' | 'dropIndex' | 'settleIndexes' | 'rewrite'>
  database: Pick<Database<Tables>, 'transaction'>
  events: Pick<Events, 'append'>
}

const IndexInput = z.object({ collectionId: z.string(), fieldId: z.string() })
const ConvertInput = z.object({ collectionId: z.string(), fromFieldId: z.string(), toFieldId: z.string() })

export function createFieldWork({ collections, store, database, events }: Needs): OperationHandler[] {
  const indexField: OperationHandler = {
    name: indexFieldKind,

    /** Makes the indexes what the registry says: a unique one, a plain one, or none. */
    async run(ctx, { input, progress }) {
      const { collectionId, fieldId } = IndexInput.parse(input)
      for (;;) {
        const [row, field] = [
          await collections.find(ctx, collectionId),
          await collections.findField(ctx, fieldId),
        ]
        if (row === undefined || field === undefined) return null
        const collection = withTable(row)
        const cast = fieldTypeDefinitions[field.type].sqlCast
        const unique = field.isUnique
        const wanted = (unique || field.isIndexed) && cast !== null
        if (wanted)
          await store
            .createIndex(ctx, collection, { fieldId, key: field.key, unique, cast }, progress)
            .catch((error: unknown) => {
              throw refusalOf(error, field.name)
            })
        if (!wanted || !unique) await store.dropIndex(ctx, collection, { fieldId, unique: true })
        if (!wanted || unique) await store.dropIndex(ctx, collection, { fieldId, unique: false })
        const now = await collections.findField(ctx, fieldId)
        // Another wish may have come, or have been taken back, while this one was carried out.
        if (now?.isUnique === unique && now.isIndexed === field.isIndexed)
          return { field: field.name, unique, indexed: wanted }
      }
    },

    /** The field says what there is, so that nobody counts on an index that was never finished. */
    async giveUp(ctx, input) {
      const { collectionId, fieldId } = IndexInput.parse(input)
      const row = await collections.find(ctx, collectionId)
      if (row === undefined) return
      const { unique, plain } = await store.settleIndexes(ctx, withTable(row), fieldId)
      await database.transaction(ctx, async (tx) => {
        const field = await collections.findField(tx, fieldId)
        if (field === undefined) return
        const flags = { isUnique: unique, isIndexed: (field.isIndexed && unique) || plain }
        if (flags.isUnique === field.isUnique && flags.isIndexed === field.isIndexed) return
        await collections.setIndexFlags(tx, fieldId, flags)
        await events.append(tx, { type: 'endpoint.updated', data: { collectionId } })
      })
    },
  }

  /** Fills the new field of a changed type from the old one, where a value has a counterpart and none has been written since. */
  const convertValues: OperationHandler = {
    name: convertValuesKind,
    async run(ctx, { input, progress }) {
      const { collectionId, fromFieldId, toFieldId } = ConvertInput.parse(input)
      const row = await collections.find(ctx, collectionId)
      const [from, to] = [
        await collections.findField(ctx, fromFieldId),
        await collections.findField(ctx, toFieldId),
      ]
      // Another parent means that the whole around it was replaced as well, and is converted as one.
      if (row === undefined || from === undefined || to === undefined || from.parentId !== to.parentId)
        return null
      const path = holderPath(await parentsOf(ctx, to))
      const { convert } = fieldTypeDefinitions[to.type]
      const counts = { converted: 0, kept: 0 }
      await store.rewrite(
        ctx,
        withTable(row),
        (body) => {
          const changed = changeHolders(body, path, (holder) => {
            const old = holder[from.key]
            if (old === undefined || old === null || holder[to.key] !== undefined) return null
            const value = convert(old)
            counts[value === undefined ? 'kept' : 'converted'] += 1
            return value === undefined ? null : { ...holder, [to.key]: value }
          })
          return isHolder(changed) ? changed : null
        },
        progress,
      )
      return counts
    },
  }
  /** The fields around one, from the top. */
  async function parentsOf(ctx: Context, field: StoredField): Promise<StoredField[]> {
    const parents: StoredField[] = []
    for (let { parentId } = field; parentId !== null; ) {
      const parent = await collections.findField(ctx, parentId)
      if (parent === undefined) break
      parents.unshift(parent)
      parentId = parent.parentId
    }
    return parents
  }

  return [indexField, convertValues]
}

/** What the values of a field do not allow, in words for whoever asked; anything else as it is. */
function refusalOf(error: unknown, name: string): unknown {
  if (error instanceof UniqueViolation)
    return problem('endpoints.values_not_unique', {
      sentence: `"${name}" cannot be unique: more than one record holds the value ${error.example}. Change one of them and try again.`,
      cause: error,
    })
  // Program limits: a value does not fit into a page of the index.
  if (databaseErrorCode(error)?.startsWith('54') === true)
    return problem('endpoints.values_too_long', {
      sentence: `"${name}" cannot be indexed: at least one record holds a value that is too long for it. Shorten it and try again.`,
      cause: error,
    })
  return error
}

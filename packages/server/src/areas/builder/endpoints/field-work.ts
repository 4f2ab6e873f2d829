import { problem } from '@holdfast/contracts/problems'
import type { Database } from '@holdfast/database/database'
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
  collections: Pick<CollectionsRepo, 'find' | 'findField' | 'clearUnique'>
  store: Pick<RecordStore, 'createIndex' | 'dropIndex' | 'rewrite'>
  database: Pick<Database<Tables>, 'transaction'>
  events: Pick<Events, 'append'>
}

const IndexInput = z.object({ collectionId: z.string(), fieldId: z.string() })
const ConvertInput = z.object({ collectionId: z.string(), fromFieldId: z.string(), toFieldId: z.string() })

export function createFieldWork({ collections, store, database, events }: Needs): OperationHandler[] {
  /** Makes the indexes what the registry says: a unique one, a plain one, or none. */
  const indexField: OperationHandler = {
    name: indexFieldKind,
    async run(ctx, { input, progress }) {
      const { collectionId, fieldId } = IndexInput.parse(input)
      const [row, field] = [
        await collections.find(ctx, collectionId),
        await collections.findField(ctx, fieldId),
      ]
      if (row === undefined || field === undefined) return null
      const collection = withTable(row)
      const cast = fieldTypeDefinitions[field.type].sqlCast
      const unique = field.isUnique
      const wanted = (unique || field.isIndexed) && cast !== null
      try {
        if (wanted)
          await store.createIndex(ctx, collection, { fieldId, key: field.key, unique, cast }, progress)
      } catch (error) {
        if (!(error instanceof UniqueViolation)) throw error
        await database.transaction(ctx, async (tx) => {
          await collections.clearUnique(tx, fieldId)
          await events.append(tx, { type: 'endpoint.updated', data: { collectionId } })
        })
        throw problem('endpoints.values_not_unique', {
          sentence: `"${field.name}" cannot be unique: more than one record holds the value ${error.example}. Change one of them and try again.`,
          cause: error,
        })
      }
      if (!wanted || !unique) await store.dropIndex(ctx, collection, { fieldId, unique: true })
      if (!wanted || unique) await store.dropIndex(ctx, collection, { fieldId, unique: false })
      return { field: field.name, unique, indexed: wanted }
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

import type { NetworkAccess } from '@holdfast/contracts/builder/endpoint-groups'
import type {
  AccessType,
  EndpointHandler,
  EndpointMethod,
  EndpointRateLimit,
} from '@holdfast/contracts/builder/endpoints'
import type { FieldType } from '@holdfast/contracts/builder/fields'
import type { z } from 'zod'
import type { StoredCollection } from '../model.ts'

/** A field of a collection, current or retired, as the registry holds it. */
export interface StoredField {
  readonly id: string
  readonly collectionId: string
  readonly parentId: string | null
  readonly key: string
  readonly name: string
  readonly type: FieldType
  readonly refCollectionId: string | null
  readonly isUnique: boolean
  readonly isIndexed: boolean
  readonly isHidden: boolean
  readonly readGroupIds: readonly string[]
  readonly writeGroupIds: readonly string[]
  /** No endpoint uses it at present. */
  readonly isRetired: boolean
  /** Retired without any value under its key, which is therefore free. */
  readonly isEmpty: boolean
}

/** How one endpoint uses a field; what all endpoints share about it stands in the registry. */
export interface FieldUse {
  readonly fieldId: string
  readonly required: boolean
  readonly description: string
  readonly defaultValue?: unknown
  readonly order: number
  readonly refEndpointId: string | null
  readonly minimum: number | null
  readonly maximum: number | null
  readonly minLength: number | null
  readonly maxLength: number | null
  readonly choices: readonly string[] | null
  readonly children: readonly FieldUse[]
}

export interface StoredEndpoint {
  readonly id: string
  readonly collectionId: string
  readonly name: string
  readonly description: string
  readonly slug: string
  readonly path: string
  readonly method: EndpointMethod
  readonly apiVersion: string | null
  readonly groupId: string | null
  readonly schema: readonly FieldUse[]
  readonly schemaVersion: number
  readonly accessType: AccessType
  readonly allowedGroupIds: readonly string[]
  readonly networkAccess: NetworkAccess
  readonly inheritGroupNetworkAccess: boolean
  readonly handlers: readonly z.output<typeof EndpointHandler>[]
  readonly rateLimit: z.output<typeof EndpointRateLimit> | null
  readonly dataRetentionDays: number | null
  readonly enabled: boolean
  readonly createdBy: string | null
  readonly createdAt: string
  readonly updatedAt: string
}

export interface StoredCollectionRow {
  readonly id: string
  readonly path: string
}

/** The table of a collection in the PostgreSQL schema `records`. */
export function tableOfCollection(id: string): string {
  return `c_${id.replaceAll('-', '').toLowerCase()}`
}

export function withTable(row: StoredCollectionRow): StoredCollection {
  return { ...row, table: tableOfCollection(row.id) }
}

/** Ids of every field in a list of uses, on all levels. */
export function fieldIdsOf(uses: readonly FieldUse[]): string[] {
  return uses.flatMap((use) => [use.fieldId, ...fieldIdsOf(use.children)])
}

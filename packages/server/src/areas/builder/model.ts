import type { AccessType, EndpointMethod, HandlerType } from '@holdfast/contracts/builder/endpoints'
import type { FieldType } from '@holdfast/contracts/builder/fields'
import type { Context } from '../../context.ts'

/**
 * What the record runtime reads of the builder: an immutable picture of every collection and every enabled endpoint.
 *
 * A **collection** is a path without its parameters; all methods on one path share its records. Records are JSON objects
 * whose properties are storage **keys**: a key is given to a field when it is made and never changes, so that renaming a
 * field leaves the records alone, and the values of a removed field wait under their key until it is restored.
 *
 * A property that no field describes (an endpoint without a schema accepts any object) is stored under its own name, or
 * with `~` in front when that name is, or was, the key of a field; `Collection.codec` does both directions.
 */
export interface Collection {
  readonly id: string
  /** Without parameters: `/api/products`. */
  readonly path: string
  /** Table in the PostgreSQL schema `records`: `c_` and the id's 32 hexadecimal digits. */
  readonly table: string
  /** Fields that at least one endpoint uses, by `order` of the first that does. */
  readonly fields: readonly CollectionField[]
  readonly fieldByName: ReadonlyMap<string, CollectionField>
  /** Every top-level key that belongs, or once belonged, to a field. */
  readonly usedKeys: ReadonlySet<string>
  /** Stored bodies can be shown to everybody as they are: every key is its name, nothing is retired, hidden or restricted. */
  readonly isPlain: boolean
  readonly codec: Codec
}

/** What all endpoints of a collection agree on about a field. */
export interface CollectionField {
  readonly id: string
  readonly key: string
  readonly name: string
  readonly type: FieldType
  /** For `reference`: the collection pointed into; null when its last endpoint is gone. */
  readonly refCollectionId: string | null
  readonly unique: boolean
  readonly indexed: boolean
  readonly hidden: boolean
  /** Empty: everybody who may call the endpoint. */
  readonly readGroupIds: readonly string[]
  readonly writeGroupIds: readonly string[]
  readonly children: readonly CollectionField[]
}

/** A field as one endpoint uses it. */
export interface EndpointField extends CollectionField {
  readonly required: boolean
  readonly description: string
  /** Absent when there is none. */
  readonly defaultValue?: unknown
  readonly order: number
  readonly refEndpointId: string | null
  readonly minimum: number | null
  readonly maximum: number | null
  readonly minLength: number | null
  readonly maxLength: number | null
  readonly choices: readonly string[] | null
  readonly children: readonly EndpointField[]
}

export type StoredBody = Record<string, unknown>

/** Between what is stored (keys) and what people see (names), on every level. */
export interface Codec {
  encode(body: Record<string, unknown>): StoredBody
  /** Leaves out what is retired, hidden, or not for any of `groupIds`. */
  decode(body: StoredBody, groupIds: readonly string[]): Record<string, unknown>
}

/** Whether somebody with these groups may see, or set, the values of a field. */
export function maySee(field: CollectionField, groupIds: readonly string[]): boolean {
  return !field.hidden && admits(field.readGroupIds, groupIds)
}
export function maySet(field: CollectionField, groupIds: readonly string[]): boolean {
  return admits(field.writeGroupIds, groupIds)
}
function admits(admitted: readonly string[], groupIds: readonly string[]): boolean {
  return admitted.length === 0 || admitted.some((id) => groupIds.includes(id))
}

/** A value that must be the id of a record in `collectionId`. */
export interface ReferenceCheck {
  /** `categoryId`, `items.2.productId`. */
  readonly path: string
  readonly collectionId: string
  readonly recordId: string
}

export interface FieldRefusal {
  readonly path: string
  /** `Field "title" is required`. The answer's sentence joins them with `, `. */
  readonly message: string
}

export type Checked =
  | { readonly ok: true; readonly body: StoredBody; readonly references: readonly ReferenceCheck[] }
  /** `forbidden`: the writer set a field that belongs to other groups (403); else 400. */
  | { readonly ok: false; readonly refusals: readonly FieldRefusal[]; readonly forbidden: boolean }

/**
 * Compiled from one endpoint's schema. `input` is parsed JSON of any kind. Whether references exist is the caller's to
 * ask, with one query per collection; a missing one is refused with `missingReference(path)`.
 */
export interface Validator {
  /** Applies defaults. */
  create(input: unknown, groupIds: readonly string[]): Checked
  /** Keeps of `stored` what the schema does not name or the writer may not see or set. */
  replace(input: unknown, stored: StoredBody, groupIds: readonly string[]): Checked
  /** Top-level fields of `input` over `stored`, then validated as a whole. Only references in `input` are listed. */
  patch(input: unknown, stored: StoredBody, groupIds: readonly string[]): Checked
}

export function missingReference(path: string): FieldRefusal {
  return { path, message: `Field "${path}" references non-existent record` }
}

/** The network rules of an endpoint and its group, merged and precompiled. Null on an endpoint: no filter. */
export interface NetworkRules {
  readonly allows: (caller: NetworkCaller) => boolean
}
export interface NetworkCaller {
  readonly ip: string
  readonly origin?: string | undefined
  readonly referer?: string | undefined
  readonly host?: string | undefined
}

export interface EndpointModel {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly method: EndpointMethod
  /** As the user wrote it: `/api/products/:id`. */
  readonly path: string
  readonly apiVersion: string | null
  readonly collection: Collection
  readonly fields: readonly EndpointField[]
  readonly validator: Validator
  readonly accessType: AccessType
  readonly allowedGroupIds: readonly string[]
  readonly network: NetworkRules | null
  readonly dataRetentionDays: number | null
  readonly rateLimit: { readonly requestsMax: number; readonly windowSeconds: number } | null
  /** Null when no handler is enabled: such an endpoint pays nothing for there being handlers. */
  readonly handlers: EndpointHandlers | null
}

/** Code of one handler, as its author wrote it. */
export interface HandlerCode {
  readonly name: string
  readonly type: HandlerType
  readonly code: string
}

/** The enabled handlers of an endpoint, in their order. */
export interface EndpointHandlers {
  /** Answers instead of the record operations. */
  readonly javascript: HandlerCode | null
  readonly pre: readonly HandlerCode[]
  readonly post: readonly HandlerCode[]
  readonly transform: readonly HandlerCode[]
}

export interface Match {
  readonly endpoint: EndpointModel
  /** Values of the path's parameters, decoded. */
  readonly params: Readonly<Record<string, string>>
  /** The record that is meant: the last parameter when the path ends in one, or the implicit `/:id`. Null: the collection. */
  readonly recordId: string | null
}

/** Nobody answers this method here, but these do. */
export interface OtherMethods {
  readonly allowedMethods: readonly EndpointMethod[]
}

export interface Snapshot {
  /**
   * `path` as it came, without the query. HEAD is answered as GET. Order: exact path, path with parameters, the implicit
   * `/:id` below a path of the same method (not POST). Cost does not grow with the number of endpoints.
   */
  match(method: string, path: string): Match | OtherMethods | null
  readonly endpoints: ReadonlyMap<string, EndpointModel>
  readonly collections: ReadonlyMap<string, Collection>
  /** Enabled endpoints of a collection. */
  endpointsOf(collectionId: string): readonly EndpointModel[]
}

/** The current snapshot; follows every change on every replica within a second. */
export interface Snapshots {
  current(): Snapshot
  /** Reads the definitions again and swaps; for a caller that must see its own change. */
  refresh(): Promise<void>
  /** Called after every swap. The returned function ends it. */
  onChange(run: (snapshot: Snapshot) => void): () => void
}

/** What the builder asks of the storage of records. `ctx.tx` is set where a method says "in the transaction". */
export interface RecordStore {
  /** Makes the table and its counter in the transaction. */
  createTable(ctx: Context, collection: StoredCollection): Promise<void>
  /** Drops table, counters, changes and indexes in the transaction. */
  dropTable(ctx: Context, collection: StoredCollection): Promise<void>
  /**
   * In the transaction: moves the records written through `endpointId` (null: all of them) to another collection, top-level
   * keys renamed by `keys` (`{ from: to }`). Answers how many.
   */
  moveRecords(
    ctx: Context,
    move: {
      from: StoredCollection
      to: StoredCollection
      endpointId: string | null
      keys: Readonly<Record<string, string>>
    },
  ): Promise<number>
  /** How many records hold a value that is not null under this path of keys. Array items count when any of them does. */
  countValues(ctx: Context, collection: StoredCollection, keyPath: readonly KeyStep[]): Promise<number>
  /** Changes bodies in batches, each in its own transaction; `change` answers the new body or null to leave it. May run twice. */
  rewrite(
    ctx: Context,
    collection: StoredCollection,
    change: (body: StoredBody) => StoredBody | null,
    onProgress: (done: number, total: number) => void,
  ): Promise<void>
  /** Builds without blocking writers. `UniqueViolation` and `ctx.signal` end it, with nothing left behind. Not in a transaction. */
  createIndex(
    ctx: Context,
    collection: StoredCollection,
    index: FieldIndex,
    onProgress: (done: number, total: number) => void,
  ): Promise<void>
  dropIndex(
    ctx: Context,
    collection: StoredCollection,
    index: Pick<FieldIndex, 'fieldId' | 'unique'>,
  ): Promise<void>
  /** Removes what a build that was broken off left behind; answers which indexes the field has. Not in a transaction. */
  settleIndexes(
    ctx: Context,
    collection: StoredCollection,
    fieldId: string,
  ): Promise<{ unique: boolean; plain: boolean }>
}

export type StoredCollection = Pick<Collection, 'id' | 'path' | 'table'>
/** A property, or the items of the array that stands there. */
export type KeyStep = { readonly key: string } | 'items'

export interface FieldIndex {
  readonly fieldId: string
  readonly key: string
  readonly unique: boolean
  readonly cast: SqlCast
}
/** How a stored value is compared in SQL. Datetimes are stored as ISO 8601 in UTC, so that text order is time order. */
export type SqlCast = 'text' | 'numeric' | 'boolean'

/** Two records hold the same value of a field that is to be unique. */
export class UniqueViolation extends Error {
  override readonly name = 'UniqueViolation'
  readonly example: string
  constructor(example: string) {
    super(`More than one record holds the value ${example}.`)
    this.example = example
  }
}

/** Calls the record runtime from inside, without a socket. */
export interface RecordRuntime {
  dispatch(request: DispatchRequest): Promise<DispatchResponse>
}
export type CallOrigin = 'mcp' | 'cron' | 'tester'
export interface DispatchRequest {
  readonly ctx: Context
  readonly method: string
  /** With the query. */
  readonly url: string
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
  /** Simulated caller; network rules are skipped unless `applyNetworkAccess`. */
  readonly ip: string
  readonly applyNetworkAccess: boolean
  /** Who inside the product calls: the call is counted and recorded like any other, and says where it came from. */
  readonly origin: CallOrigin
  /** The product itself calls, for whoever may manage the endpoint: with the rights of every group that it names. */
  readonly asProduct?: boolean
}
export interface DispatchResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Parsed JSON, or null. */
  readonly body: unknown
}

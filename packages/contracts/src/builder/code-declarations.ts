/** What user code can reach, as TypeScript declares it. The editor completes from it; the guide shows it. */
export const codeDeclarations = `interface DataRecord {
  id: string
  _id: string
  createdAt: string
  updatedAt: string
}
interface Collection {
  /** The record with this id, or the first that matches; null when there is none. */
  findOne(idOrFilter: string | Filter): Promise<DataRecord | null>
  /** Records that match, newest first: at most 100, or as many as \`limit\` says (500). */
  find(filter?: Filter, options?: { limit?: number; page?: number; sort?: string }): Promise<DataRecord[]>
  /** Creates a record, or several from a list, checked against the schema. */
  create(data: object | object[]): Promise<DataRecord>
  /** Changes the named fields; null when there is no such record. */
  update(id: string, changes: object): Promise<DataRecord | null>
  /** True when there was such a record. */
  delete(id: string): Promise<boolean>
}
interface Db extends Collection {
  /** The records of another path, such as /api/products. Code of cron jobs has to name one. */
  collection(path: string): Collection
}
interface Req {
  method: string
  path: string
  params: { [name: string]: string }
  query: { [name: string]: string }
  /** By lower-case name, without those that hold credentials. */
  headers: { [name: string]: string }
  body: any
  /** Who calls, or null. */
  user: { id: string; login: string; groupIds: string[] } | null
  /** What the operation answered. Only for post and transform handlers. */
  result?: { status: number; body: any }
}
interface Secrets {
  /** The value of a secret. Masked wherever it comes out of the code. */
  get(name: string): Promise<string>
}
interface Console {
  log(...values: any[]): void
  info(...values: any[]): void
  warn(...values: any[]): void
  error(...values: any[]): void
  debug(...values: any[]): void
}
interface Answer {
  status: number
  ok: boolean
  headers: { [name: string]: string }
  text(): Promise<string>
  json(): Promise<any>
}
declare const db: Db
declare const req: Req
declare const secrets: Secrets
declare const console: Console
/** The same as console.log. */
declare function log(...values: any[]): void
/** Calls a public address. Redirects are answers; at most 1 MiB is read. */
declare function fetch(url: string, options?: { method?: string; headers?: object; body?: string | object }): Promise<Answer>
`

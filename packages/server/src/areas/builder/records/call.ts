import type { Actor } from '../../../context.ts'

/** One request to the record runtime, whether it came over a socket or from inside. */
export interface Call {
  readonly method: string
  /** Without the query. */
  readonly path: string
  /** What stands after the question mark, or ''. */
  readonly query: string
  /** By lower-case name. */
  header(name: string): string | undefined
  /** All of them, by lower-case name. */
  headers(): Readonly<Record<string, string>>
  readonly ip: string
  /** False only where the tester asks for it. */
  readonly applyNetworkAccess: boolean
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: () => AbortSignal
  /** Who asks; costs nothing until somebody wants to know. `fresh` asks again, for calls that last. */
  actor(options?: { fresh: true }): Promise<Actor>
  /** Throws auth.csrf_invalid when a cookie alone would make a change. */
  checkCsrf(actor: Actor): void
  /** The body as text. Throws request.too_large, request.type_unsupported. */
  readText(): Promise<string>
}

export interface Answer {
  status: number
  /** Names and values in turn, as `writeHead` takes them. */
  headers: string[]
  /** JSON text, a stream of events, or nothing. */
  body: string | AsyncIterable<string> | null
}

export function json(status: number, body: string, headers: string[] = []): Answer {
  return { status, headers, body }
}

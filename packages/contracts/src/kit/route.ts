import type { z } from 'zod'
import type { Permission } from '../permissions.ts'
import type { ProblemCode } from '../problems.ts'
import type { ReceivedStream, Stream, StreamedBody, Upload, UploadedBody, UploadSource } from './media.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/**
 * Who may call a route. `permission` with several names means any of them.
 * `public` carries the reason, because an open door should be able to explain itself.
 */
export type Access =
  | { public: string }
  | { signedIn: true }
  | { permission: Permission | readonly [Permission, ...Permission[]] }
  | { admin: true }
  /** Members of the organization that the path parameter `tenantId` names; a stranger is answered as if it did not exist. */
  | { organization: OrganizationRight }

/** What a member may: `member` is everybody in it, `admin` its administrators and its owner. */
export type OrganizationRight = 'member' | 'admin'

/** Named rate limits. `standard` counts per principal, or per address without one; `signIn` is far stricter. */
export type LimitName = 'standard' | 'write' | 'signIn' | 'none'

/** The audit action of a mutation, or the reason why it leaves no audit row. */
export type Audit = string | { none: string }

export interface RouteShape {
  /** Unique, `area.verb`; becomes the OpenAPI operationId. */
  id: string
  method: Method
  /** With `{name}` segments, as OpenAPI writes them. */
  path: string
  /** One line for people: OpenAPI summary, console and CLI help. */
  summary: string
  access: Access
  /** Stays open to a signed-in person who must first choose a password of their own; everything else is closed to them. */
  openBeforePasswordChange?: true
  /** Of routes for everybody signed in: open to the token of a plugin, whatever its scopes. Others of them are closed to it. */
  openToPlugins?: true
  limit?: LimitName
  params?: z.ZodObject
  query?: z.ZodObject
  body?: z.ZodType | Upload
  /** Success answers by status; `null` is an empty body. */
  answers: Readonly<Record<number, z.ZodType | Stream | null>>
  /** Beyond those every route may answer (see `impliedProblems`). */
  problems?: readonly ProblemCode[]
  audit?: Audit
  /** Largest accepted body; 10 MiB unless said otherwise. */
  bodySizeBytesMax?: number
}

/** A route that changes something does not compile without saying how it is audited. */
type AuditRule<M extends Method> = M extends 'GET' ? { audit?: never } : { audit: Audit }

/** Declares one route of the public contract. The value is the single source for server, client, docs and sweeps. */
export function route<const R extends RouteShape>(definition: R & AuditRule<R['method']>): R {
  return definition
}

type OutputOf<S> = S extends z.ZodType ? z.output<S> : undefined
type InputOf<S> = S extends z.ZodType ? z.input<S> : undefined

/** What a handler receives: parsed and defaulted. */
export interface RouteInput<R extends RouteShape> {
  params: OutputOf<R['params']>
  query: OutputOf<R['query']>
  body: R['body'] extends Upload ? UploadedBody : OutputOf<R['body']>
}

/** What a client passes: before defaults are applied. */
export interface RouteRequest<R extends RouteShape> {
  params: InputOf<R['params']>
  query: InputOf<R['query']>
  body: R['body'] extends Upload ? UploadSource : InputOf<R['body']>
}

type AnswerInput<S> = S extends Stream ? StreamedBody : S extends z.ZodType ? z.input<S> : undefined
type AnswerOutput<S> = S extends Stream ? ReceivedStream : S extends z.ZodType ? z.output<S> : undefined

/** What a handler may return as body, over all success statuses. */
export type RouteAnswer<R extends RouteShape> = AnswerInput<R['answers'][keyof R['answers']]>
/** What a client receives, over all success statuses. */
export type RouteResult<R extends RouteShape> = AnswerOutput<R['answers'][keyof R['answers']]>

/** True for methods that may change something. */
export function isMutation(method: Method): boolean {
  return method !== 'GET'
}

/** Segments of a route path; parameters are `{ parameter }`. */
export type PathSegment = { literal: string } | { parameter: string }

/** Splits `/api/users/{id}` into its segments. */
export function pathSegments(path: string): PathSegment[] {
  return path
    .split('/')
    .filter((segment) => segment !== '')
    .map((segment) => {
      const parameter = /^\{(\w+)\}$/.exec(segment)?.[1]
      return parameter === undefined ? { literal: segment } : { parameter }
    })
}

import type { Access, Audit, RouteShape } from '@holdfast/contracts/kit/route'
import { settingCatalogue } from '@holdfast/contracts/platform/settings'
import { problemsOf } from '@holdfast/contracts/kit/implied'
import { problems } from '@holdfast/contracts/problems'
import { allRoutes } from '@holdfast/contracts/routes'
import { z } from 'zod'
import { code, pageHead, table } from './markdown.ts'

/** Every route, in the order of its path. */
export function routesPage(): string {
  const routes = allRoutes.toSorted((a, b) => compare(a.path, b.path) || compare(a.method, b.method))
  return [
    pageHead('Routes', '`packages/contracts`'),
    'Bodies and answers are in the OpenAPI document, `GET /api/openapi.json` of a running server. What each endpoint of the builder',
    'answers is in its own documentation there.',
    '',
    table(
      ['Method', 'Path', 'What it does', 'Who may', 'Audit entry'],
      routes.map((route) => [
        route.method,
        code(route.path),
        route.summary,
        whoMay(route.access),
        auditOf(route.audit),
      ]),
    ),
  ].join('\n')
}

/** Every problem code, with the routes that declare it. */
export function problemsPage(): string {
  const rows = Object.entries(problems).toSorted(([a], [b]) => compare(a, b))
  return [
    pageHead('Problems', '`packages/contracts`'),
    'A refusal is `{ "success": false, "error": "sentence", "code": "…", "requestId": "…" }`. Programs decide by `code`; `error` is for',
    'people and may say more than the sentence here.',
    '',
    table(
      ['Code', 'Status', 'Sentence', 'Answered by'],
      rows.map(([name, { status, sentence }]) => [code(name), String(status), sentence, answeredBy(name)]),
    ),
  ].join('\n')
}

/** Every setting that an administrator can change while the server runs. */
export function settingsPage(): string {
  return [
    pageHead('Settings', '`packages/contracts/src/platform/settings.ts`'),
    'Changed on the settings page of the console or with `PUT /api/settings`, in force on every replica within a second.',
    '',
    table(
      ['Setting', 'What it does', 'Accepts', 'Default'],
      Object.entries(settingCatalogue).map(([name, { describe, schema, default: fallback }]) => [
        code(name),
        describe,
        accepted(schema),
        code(String(fallback)),
      ]),
    ),
  ].join('\n')
}

const compare = (a: string, b: string) => Number(a > b) - Number(a < b)

function whoMay(access: Access): string {
  if ('public' in access) return 'everybody'
  if ('signedIn' in access) return 'whoever is signed in'
  if ('admin' in access) return 'administrators'
  if ('organization' in access)
    return access.organization === 'admin'
      ? 'administrators of the organization'
      : 'members of the organization'
  return [access.permission].flat().map(code).join(' or ')
}

function auditOf(audit: Audit | undefined): string {
  return typeof audit === 'string' ? code(audit) : '–'
}

/** A problem that most routes share would make a list that nobody reads, and a count that every new route changes. */
function answeredBy(name: string): string {
  const namesMax = 6
  const routes: RouteShape[] = allRoutes.filter((route) => problemsOf(route).some((one) => one === name))
  if (routes.length === 0) return 'the server itself, or records of an endpoint'
  if (routes.length > namesMax) return 'many routes'
  return routes.map(({ id }) => code(id)).join(', ')
}

function accepted(schema: z.ZodType): string {
  const { type, enum: choices, minimum, maximum, minLength, maxLength } = z.toJSONSchema(schema)
  if (choices !== undefined) return choices.map((choice) => code(String(choice))).join(', ')
  if (type === 'integer') return `a whole number from ${minimum} to ${maximum}`
  if (type === 'boolean') return '`true` or `false`'
  if (maxLength !== undefined) return `${minLength} to ${maxLength} characters`
  return 'a duration such as `90s`, `15m`, `12h` or `7d`'
}

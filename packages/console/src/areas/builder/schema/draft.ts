import {
  type Field,
  FieldInputs,
  type FieldRequest,
  type FieldType,
} from '@holdfast/contracts/builder/fields'
import { capitalize } from '../../../lib/problem-text.ts'
import { parseDefault, writeDefault } from './default-value.ts'

/**
 * A field while it is edited. `key` names it on this screen only; `id` is the server's, absent until the field is
 * saved, and makes a new name a rename. The default is text until it is sent, because half-typed JSON is no value.
 */
export interface DraftField {
  key: string
  id?: string
  name: string
  type: FieldType
  required: boolean
  description: string
  defaultText: string
  refEndpointId: string | null
  minimum: number | null
  maximum: number | null
  minLength: number | null
  maxLength: number | null
  choices: string[] | null
  unique: boolean
  indexed: boolean
  hidden: boolean
  readGroupIds: string[]
  writeGroupIds: string[]
  children: DraftField[]
}

export type Draft = readonly DraftField[]

let lastKey = 0
const nextKey = () => `field-${++lastKey}`

export function newField(name = '', type: FieldType = 'string'): DraftField {
  return {
    key: nextKey(),
    name,
    type,
    required: false,
    description: '',
    defaultText: '',
    refEndpointId: null,
    minimum: null,
    maximum: null,
    minLength: null,
    maxLength: null,
    choices: null,
    unique: false,
    indexed: false,
    hidden: false,
    readGroupIds: [],
    writeGroupIds: [],
    children: [],
  }
}

/** The stored schema as something to edit. */
export function draftOf(fields: readonly Field[]): DraftField[] {
  return fields
    .toSorted((left, right) => left.order - right.order)
    .map((field) => {
      const { order, defaultValue, children, ...same } = field
      void order
      return {
        ...same,
        key: field.id,
        defaultText: writeDefault(field.type, defaultValue),
        children: draftOf(children),
      }
    })
}

/** Whether a type has fields inside. */
export function nests(type: FieldType): boolean {
  return type === 'object' || type === 'array'
}

/** The draft as the body of a request; the order is the order on screen. */
export function requestOf(draft: Draft): FieldRequest[] {
  return draft.map((field, order) => {
    const { key, defaultText, children, ...same } = field
    void key
    const defaultValue = parseDefault(field.type, defaultText)
    return {
      ...same,
      order,
      refEndpointId: field.type === 'reference' ? field.refEndpointId : null,
      ...(defaultValue.ok && defaultValue.value !== undefined ? { defaultValue: defaultValue.value } : {}),
      children: nests(field.type) ? requestOf(children) : [],
    }
  })
}

/** Whether two drafts would be stored alike. */
export function sameDraft(left: Draft, right: Draft): boolean {
  return (
    JSON.stringify([requestOf(left), defaultTexts(left)]) ===
    JSON.stringify([requestOf(right), defaultTexts(right)])
  )
}

function defaultTexts(draft: Draft): unknown[] {
  return draft.map((field) => [field.defaultText, defaultTexts(field.children)])
}

/** Every level, parents first. */
export function walk(draft: Draft): DraftField[] {
  return draft.flatMap((field) => [field, ...walk(field.children)])
}

/** Changes one list of siblings, the one that holds the field with this key; the rest is shared, not copied. */
function changeSiblings(draft: Draft, key: string, change: (siblings: Draft) => DraftField[]): DraftField[] {
  if (draft.some((field) => field.key === key)) return change(draft)
  return draft.map((field) =>
    walk(field.children).some((one) => one.key === key)
      ? { ...field, children: changeSiblings(field.children, key, change) }
      : field,
  )
}

export function updateField(draft: Draft, key: string, changes: Partial<DraftField>): DraftField[] {
  return changeSiblings(draft, key, (siblings) =>
    siblings.map((field) => (field.key === key ? { ...field, ...changes } : field)),
  )
}

export function removeField(draft: Draft, key: string): DraftField[] {
  return changeSiblings(draft, key, (siblings) => siblings.filter((field) => field.key !== key))
}

export function addField(draft: Draft, parentKey: string | null, field: DraftField): DraftField[] {
  if (parentKey === null) return [...draft, field]
  const parent = walk(draft).find((one) => one.key === parentKey)
  return updateField(draft, parentKey, { children: [...(parent?.children ?? []), field] })
}

/** Puts a field where its sibling stands. Fields move among their siblings only: a new parent would be a new place for values. */
export function moveField(draft: Draft, key: string, overKey: string): DraftField[] {
  return changeSiblings(draft, key, (siblings) => {
    const from = siblings.findIndex((field) => field.key === key)
    const to = siblings.findIndex((field) => field.key === overKey)
    const moved = siblings[from]
    if (!moved || to < 0) return [...siblings]
    return siblings.toSpliced(from, 1).toSpliced(to, 0, moved)
  })
}

/** What is wrong with the draft, by the key of the field; the sentences are the contract's. */
export function draftIssues(draft: Draft): Map<string, string> {
  const issues = new Map<string, string>()
  const checked = FieldInputs.safeParse(requestOf(draft))
  for (const issue of checked.error?.issues ?? []) {
    const at = fieldAtPath(draft, issue.path)
    if (at && !issues.has(at.key)) issues.set(at.key, `${describePart(issue.path)}${issue.message}`)
  }
  findDuplicates(draft, issues)
  for (const field of walk(draft)) {
    const parsed = parseDefault(field.type, field.defaultText)
    if (!parsed.ok && !issues.has(field.key)) issues.set(field.key, parsed.message)
    if (field.type === 'reference' && !field.refEndpointId && !issues.has(field.key))
      issues.set(field.key, 'Choose the endpoint whose records it points at.')
  }
  return issues
}

function findDuplicates(siblings: Draft, issues: Map<string, string>): void {
  const seen = new Set<string>()
  for (const field of siblings) {
    if (seen.has(field.name) && !issues.has(field.key))
      issues.set(field.key, `There is already a field named "${field.name}" here.`)
    seen.add(field.name)
    findDuplicates(field.children, issues)
  }
}

function describePart(path: readonly PropertyKey[]): string {
  const part = path.findLast((key) => typeof key === 'string')
  return part === undefined ? '' : `${capitalize(part)} `
}

/** The field that a problem's path speaks of: `schema.2.children.0.name`, or the same as a list of keys. */
export function fieldAtPath(draft: Draft, path: readonly PropertyKey[]): DraftField | undefined {
  let siblings: Draft = draft
  let found: DraftField | undefined
  for (const key of path) {
    const index = Number(key)
    if (!Number.isInteger(index)) continue
    const next = siblings[index]
    if (!next) break
    found = next
    siblings = next.children
  }
  return found
}

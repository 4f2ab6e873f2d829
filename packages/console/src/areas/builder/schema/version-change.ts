import type { Field } from '@holdfast/contracts/builder/fields'
import { plural } from '../../../lib/format.ts'

/** What one version changed against the one before it, in a sentence: "Added price; renamed title to name." */
export function describeChange(now: readonly Field[], before: readonly Field[] | undefined): string {
  if (!before)
    return now.length === 0 ? 'Created without fields.' : `Created with ${plural(now.length, 'field')}.`
  const old = new Map(before.map((field) => [field.id, field]))
  const kept = new Set(now.map((field) => field.id))
  const parts = [
    ...now.filter((field) => !old.has(field.id)).map((field) => `added ${field.name}`),
    ...before.filter((field) => !kept.has(field.id)).map((field) => `removed ${field.name}`),
    ...now.flatMap((field) => {
      const previous = old.get(field.id)
      return previous && previous.name !== field.name ? [`renamed ${previous.name} to ${field.name}`] : []
    }),
  ]
  if (parts.length === 0) return 'Changed details of its fields.'
  const sentence = parts.join('; ')
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`
}

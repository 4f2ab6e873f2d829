import type { EndpointField } from '../model.ts'
import type { JsonSchema } from '../field-types/definition.ts'
import { fieldTypeDefinitions } from '../field-types/index.ts'

/** What a schema looks like from outside: example values, JSON Schema, TypeScript. Hidden fields are never part of it. */

export function sampleOf(fields: readonly EndpointField[]): Record<string, unknown> {
  return Object.fromEntries(
    visible(fields).map((field) => {
      if (field.defaultValue !== undefined) return [field.name, field.defaultValue]
      const children = field.children.length > 0 ? sampleOf(field.children) : null
      return [field.name, fieldTypeDefinitions[field.type].sample(field, children)]
    }),
  )
}

export function jsonSchemaOf(fields: readonly EndpointField[]): JsonSchema {
  if (fields.length === 0) return { type: 'object', additionalProperties: true }
  const shown = visible(fields)
  const required = shown
    .filter((field) => field.required && field.defaultValue === undefined)
    .map(({ name }) => name)
  return {
    type: 'object',
    properties: Object.fromEntries(
      shown.map((field) => {
        const children = field.children.length > 0 ? jsonSchemaOf(field.children) : null
        const schema = fieldTypeDefinitions[field.type].jsonSchema(field, children)
        return [
          field.name,
          {
            ...schema,
            ...(field.description !== '' && { description: field.description }),
            ...(field.defaultValue !== undefined && { default: field.defaultValue }),
          },
        ]
      }),
    ),
    ...(required.length > 0 && { required }),
    additionalProperties: false,
  }
}

/** `{ title: string; price?: number }`, indented by `depth` levels. */
export function typeScriptOf(fields: readonly EndpointField[], depth = 0): string {
  if (fields.length === 0) return 'Record<string, unknown>'
  const indent = '  '.repeat(depth + 1)
  const lines = visible(fields).map((field) => {
    const children = field.children.length > 0 ? typeScriptOf(field.children, depth + 1) : null
    const name = /^[A-Za-z_$][\w$]*$/.test(field.name) ? field.name : JSON.stringify(field.name)
    const type = fieldTypeDefinitions[field.type].typescript(field, children)
    return `${indent}${name}${field.required ? '' : '?'}: ${type}${field.required ? '' : ' | null'}`
  })
  return `{\n${lines.join('\n')}\n${'  '.repeat(depth)}}`
}

function visible(fields: readonly EndpointField[]): EndpointField[] {
  return fields.filter((field) => !field.hidden)
}

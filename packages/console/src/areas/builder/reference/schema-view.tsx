import type { Schema } from './document.ts'
import { partsOf, resolved, typeWords } from './schema-words.ts'

const depthMax = 6

export interface SchemaViewProps {
  schema: Schema
  schemas: Readonly<Record<string, Schema>>
  depth?: number
}

/** The parts of a value as a list; those that have parts themselves can be opened. */
export function SchemaView({ schema, schemas, depth = 0 }: SchemaViewProps) {
  const parts = partsOf(schema, schemas)
  if (parts.length === 0 || depth > depthMax)
    return <p className="font-mono text-xs text-ink-muted">{typeWords(schema, schemas)}</p>
  return (
    <ul className="flex flex-col gap-1.5 border-l border-line pl-3">
      {parts.map(({ name, required, schema: part }) => {
        const description = resolved(part, schemas)['description']
        const hasParts = depth < depthMax && partsOf(part, schemas).length > 0
        const head = (
          <>
            <span className="font-mono text-xs font-medium">{name}</span>{' '}
            <span className="font-mono text-xs text-ink-subtle">{typeWords(part, schemas)}</span>
            {required && <span className="ml-2 text-xs text-ink-muted">required</span>}
          </>
        )
        return (
          <li key={name} className="text-sm">
            {hasParts ? (
              <details>
                <summary>{head}</summary>
                <div className="mt-1.5">
                  <SchemaView schema={part} schemas={schemas} depth={depth + 1} />
                </div>
              </details>
            ) : (
              head
            )}
            {typeof description === 'string' && <p className="text-xs text-ink-muted">{description}</p>}
          </li>
        )
      })}
    </ul>
  )
}

import { Badge } from '../../../ui/badge.tsx'
import { Section } from '../../../ui/page.tsx'
import { MethodBadge } from '../method-badge.tsx'
import { type ApiOperation, bodySchemaOf, type OperationProps, type Parameter } from './document.ts'
import { SchemaView } from './schema-view.tsx'
import { typeWords } from './schema-words.ts'
import { TryOperation } from './try-operation.tsx'

/** One operation: what it takes, what it answers, and a form to send it. */
export function OperationView({ operation, schemas }: OperationProps) {
  const { method, path, summary, description, isPublic, parameters, responses } = operation
  const body = bodySchemaOf(operation)
  const uploads = Object.keys(operation.requestBody?.content ?? {}).filter(
    (type) => type !== 'application/json',
  )
  return (
    <div className="min-w-0">
      <header className="mb-4">
        <h2 className="text-lg font-semibold">{summary}</h2>
        <p className="mt-1 flex flex-wrap items-center gap-2 text-xs">
          <MethodBadge method={method} />
          <span className="font-mono break-all">{path}</span>
          <Badge tone={isPublic ? 'ok' : 'neutral'}>{isPublic ? 'Public' : 'Needs a credential'}</Badge>
        </p>
        {description && <p className="mt-2 text-sm text-ink-muted">{description}</p>}
      </header>
      {parameters.length > 0 && (
        <Section title="Parameters">
          <ul className="flex flex-col gap-2">
            {parameters.map((parameter) => (
              <ParameterLine
                key={`${parameter.in} ${parameter.name}`}
                parameter={parameter}
                schemas={schemas}
              />
            ))}
          </ul>
        </Section>
      )}
      {(body || uploads.length > 0) && (
        <Section title="Body">
          {body ? (
            <SchemaView schema={body} schemas={schemas} />
          ) : (
            <p className="text-sm">A file: {uploads.join(', ')}.</p>
          )}
        </Section>
      )}
      <Section title="Answers">
        <div className="flex flex-col gap-3">
          {Object.entries(responses).map(([status, response]) => (
            <AnswerLine key={status} status={status} response={response} schemas={schemas} />
          ))}
        </div>
      </Section>
      <TryOperation operation={operation} schemas={schemas} />
    </div>
  )
}

function ParameterLine({
  parameter: { name, in: place, required, description, schema },
  schemas,
}: {
  parameter: Parameter
  schemas: OperationProps['schemas']
}) {
  return (
    <li className="text-sm">
      <span className="font-mono text-xs font-medium">{name}</span>{' '}
      <span className="font-mono text-xs text-ink-subtle">{schema ? typeWords(schema, schemas) : ''}</span>
      <span className="ml-2 text-xs text-ink-muted">
        in the {place}
        {required ? ', required' : ''}
      </span>
      {description && <p className="text-xs text-ink-muted">{description}</p>}
    </li>
  )
}

function AnswerLine({
  status,
  response,
  schemas,
}: {
  status: string
  response: ApiOperation['responses'][string]
  schemas: OperationProps['schemas']
}) {
  const isSuccess = /^[23]/.test(status)
  const [type] = Object.keys(response.content ?? {})
  const schema = response.content?.['application/json']?.schema
  return (
    <details open={isSuccess}>
      <summary className="text-sm">
        <Badge tone={isSuccess ? 'ok' : 'warn'}>{status}</Badge>{' '}
        <span className="text-ink-muted">{isSuccess && type ? type : 'Refused'}</span>
      </summary>
      <div className="mt-2 flex flex-col gap-2">
        {!isSuccess && (
          <p className="text-sm whitespace-pre-line text-ink-muted">
            {response.description.replaceAll('`', '')}
          </p>
        )}
        {isSuccess && schema && <SchemaView schema={schema} schemas={schemas} />}
        {isSuccess && !schema && <p className="text-sm text-ink-muted">{response.description}</p>}
      </div>
    </details>
  )
}

import type { EndpointDocs } from '@holdfast/contracts/builder/endpoint-tools'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { plural } from '../../../lib/format.ts'
import { Badge } from '../../../ui/badge.tsx'
import { CodeBlock } from '../../../ui/code-block.tsx'
import { Section } from '../../../ui/page.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { Tabs } from '../../../ui/tabs.tsx'
import { MethodBadge } from '../method-badge.tsx'
import { docsQuery } from '../queries.ts'
import { accessWords } from '../strings.ts'
import { useEndpoint } from './endpoint-context.ts'

/** The page to send to whoever writes the application: made from the endpoint, so it is never out of date. */
export default function DocsTab() {
  const endpoint = useEndpoint()
  const docs = useQuery(docsQuery(endpoint.id))
  if (docs.error) return <ProblemNotice problem={docs.error} onRetry={() => void docs.refetch()} />
  if (!docs.data) return <div aria-busy className="h-80 animate-pulse rounded-md bg-sunken" />
  return <Documentation docs={docs.data} />
}

type Language = 'curl' | 'typescript' | 'python'
const languages = [
  { value: 'curl', label: 'curl' },
  { value: 'typescript', label: 'TypeScript' },
  { value: 'python', label: 'Python' },
] as const

function Documentation({ docs }: { docs: EndpointDocs }) {
  const [language, setLanguage] = useState<Language>('curl')
  return (
    <div className="grid items-start gap-x-6 lg:grid-cols-2">
      <div className="min-w-0">
        <Section title={docs.name} description={docs.description || undefined}>
          <p className="flex flex-wrap items-center gap-2">
            <MethodBadge method={docs.method} />
            <span className="font-mono text-xs break-all">{docs.url}</span>
          </p>
          <p className="mt-3 text-sm text-ink-muted">{accessWords[docs.accessType].hint}</p>
          {docs.dataRetentionDays !== null && (
            <p className="mt-1 text-sm text-ink-muted">
              Records are deleted {plural(docs.dataRetentionDays, 'day')} after they were created.
            </p>
          )}
        </Section>
        <Section title="Parameters">
          {docs.parameters.length === 0 ? (
            <p className="text-sm text-ink-muted">None.</p>
          ) : (
            <dl className="flex flex-col gap-3">
              {docs.parameters.map((parameter) => (
                <div key={`${parameter.in} ${parameter.name}`}>
                  <dt className="flex flex-wrap items-center gap-2">
                    <span className="font-mono text-xs font-medium">{parameter.name}</span>
                    <span className="text-xs text-ink-subtle">
                      {parameter.type}, in {parameter.in}
                    </span>
                    {parameter.required && <Badge>Required</Badge>}
                  </dt>
                  <dd className="text-sm text-ink-muted">{parameter.description}</dd>
                </div>
              ))}
            </dl>
          )}
        </Section>
        <Section title="Refusals" description="Each comes with a sentence, a code and a request id.">
          <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-sm">
            {docs.errors.map((error) => (
              <div key={`${error.status} ${error.when}`} className="contents">
                <dt className="font-mono text-xs leading-5">{error.status}</dt>
                <dd className="text-ink-muted">{error.when}</dd>
              </div>
            ))}
          </dl>
        </Section>
      </div>
      <div className="flex min-w-0 flex-col gap-4">
        <Tabs<Language>
          label="Language"
          value={language}
          onChange={setLanguage}
          tabs={languages.map(({ value, label }) => ({
            value,
            label,
            content: <CodeBlock title="Request" code={docs.snippets[value]} />,
          }))}
        />
        {docs.requestBody !== null && docs.requestBody !== undefined && (
          <CodeBlock title="Request body" code={JSON.stringify(docs.requestBody, null, 2)} />
        )}
        <CodeBlock title="Answer" code={JSON.stringify(docs.exampleResponse, null, 2)} />
        <CodeBlock title="The record as a TypeScript type" code={docs.typescript} />
      </div>
    </div>
  )
}

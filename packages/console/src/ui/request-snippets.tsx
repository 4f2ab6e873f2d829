import { useState } from 'react'
import { baseUrl } from '../lib/base.ts'
import { type ApiRequest, type SnippetLanguage, writeSnippet } from '../lib/snippets.ts'
import { CodeBlock } from './code-block.tsx'
import { Tabs } from './tabs.tsx'

const languages: ReadonlyArray<{ value: SnippetLanguage; label: string }> = [
  { value: 'curl', label: 'curl' },
  { value: 'typescript', label: 'TypeScript' },
  { value: 'python', label: 'Python' },
]

/** A request in three languages, switchable; also used where documentation is shown in place. */
export function RequestSnippets({ request }: { request: ApiRequest }) {
  const [language, setLanguage] = useState<SnippetLanguage>('curl')
  const origin = baseUrl.href.replace(/\/$/, '')
  return (
    <Tabs
      label="Language"
      value={language}
      onChange={setLanguage}
      tabs={languages.map(({ value, label }) => ({
        value,
        label,
        content: (
          <CodeBlock
            title={`${request.method} ${request.path}`}
            code={writeSnippet(value, request, origin)}
          />
        ),
      }))}
    />
  )
}

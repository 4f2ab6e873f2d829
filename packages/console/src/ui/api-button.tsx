import { Popover } from '@base-ui/react/popover'
import { Code } from 'lucide-react'
import { useState } from 'react'
import { baseUrl } from '../lib/base.ts'
import { classNames } from '../lib/class-names.ts'
import { type ApiRequest, type SnippetLanguage, tokenPlaceholder, writeSnippet } from '../lib/snippets.ts'
import { buttonClass } from './button.tsx'
import { CodeBlock } from './code-block.tsx'
import { popupClass } from './popup.ts'
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

/** The request behind what is on screen: everything the console does, a program can do. */
export function ApiButton({ request }: { request: ApiRequest }) {
  return (
    <Popover.Root>
      <Popover.Trigger className={classNames(buttonClass('quiet'), 'max-sm:px-2')}>
        <Code aria-hidden className="size-4" />
        API
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner sideOffset={6} align="end" className="z-50 outline-hidden">
          <Popover.Popup className={classNames(popupClass, 'w-[min(36rem,calc(100vw-24px))] p-4')}>
            <Popover.Title className="text-base font-semibold">This page as a request</Popover.Title>
            <Popover.Description className="mt-1 mb-2 text-sm text-ink-muted">
              {request.isPublic
                ? 'Anybody may send this request.'
                : `Put an API token or an access token in place of ${tokenPlaceholder}.`}
            </Popover.Description>
            <RequestSnippets request={request} />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}

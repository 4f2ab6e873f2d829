import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { apiUrl } from '../../../lib/base.ts'
import { buttonClass } from '../../../ui/button.tsx'
import { CodeBlock } from '../../../ui/code-block.tsx'
import { Page, Section } from '../../../ui/page.tsx'
import { Tabs } from '../../../ui/tabs.tsx'
import { mcpClients } from './clients.ts'
import { ToolList } from './tool-list.tsx'

/** How an assistant is connected to this installation, and what it may do here. */
export default function McpPage() {
  const [client, setClient] = useState(mcpClients[0]?.value ?? '')
  const url = apiUrl('/api/mcp').href
  return (
    <Page
      title="MCP"
      description="Assistants and other programs that speak the Model Context Protocol call endpoints and manage this installation, with the rights of a token and no more."
      request={{ method: 'POST', path: '/api/mcp', body: { jsonrpc: '2.0', id: 1, method: 'tools/list' } }}
    >
      <Section
        title="Connect"
        description="Make a token with only the rights that the assistant needs, and put it where the text says YOUR_TOKEN."
        action={
          <Link to="/tokens/new" className={buttonClass('primary')}>
            New token
          </Link>
        }
      >
        <div className="mb-4">
          <CodeBlock title="Address" code={url} />
        </div>
        <Tabs
          label="Client"
          value={client}
          onChange={setClient}
          tabs={mcpClients.map(({ value, label, place, text }) => ({
            value,
            label,
            content: <CodeBlock title={place} code={text(url)} />,
          }))}
        />
      </Section>
      <ToolList />
    </Page>
  )
}

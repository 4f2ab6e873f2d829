import type { McpTool } from '@holdfast/contracts/builder/mcp'
import { CodeBlock } from '../../../ui/code-block.tsx'
import { Drawer } from '../../../ui/drawer.tsx'
import { EffectBadge } from './effect-badge.tsx'

/** A tool as a client sees it: what it takes and what it answers. */
export function ToolDrawer({ tool, onClose }: { tool: McpTool; onClose: () => void }) {
  const call = {
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { name: tool.name, arguments: {} },
  }
  return (
    <Drawer
      title={tool.title}
      badge={<EffectBadge annotations={tool.annotations} />}
      size="large"
      onClose={onClose}
    >
      <p className="mb-4 text-sm whitespace-pre-line text-ink-muted">{tool.description}</p>
      <div className="flex flex-col gap-4">
        <CodeBlock title="Call" code={JSON.stringify(call, null, 2)} />
        <CodeBlock title="Takes (JSON Schema)" code={JSON.stringify(tool.inputSchema, null, 2)} />
        {tool.outputSchema && (
          <CodeBlock title="Answers (JSON Schema)" code={JSON.stringify(tool.outputSchema, null, 2)} />
        )}
      </div>
    </Drawer>
  )
}

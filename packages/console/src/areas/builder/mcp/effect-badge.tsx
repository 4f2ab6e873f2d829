import type { McpTool } from '@holdfast/contracts/builder/mcp'
import { Badge } from '../../../ui/badge.tsx'

/** What a client is told a tool does to things, before it calls it. */
export function EffectBadge({ annotations }: Pick<McpTool, 'annotations'>) {
  if (annotations.readOnlyHint) return <Badge tone="info">Reads</Badge>
  return annotations.destructiveHint ? <Badge tone="warn">Changes</Badge> : <Badge tone="ok">Adds</Badge>
}

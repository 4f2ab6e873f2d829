import { allRoutes } from '@holdfast/contracts/routes'
import type { Context } from '../../../context.ts'
import type { BoundRoute } from '../../../http/handle.ts'
import type { Kit } from '../../../kit.ts'
import type { CallProduct } from '../endpoints/tester.ts'
import type { RecordRuntime, Snapshots } from '../model.ts'
import { createToolCatalogue } from './catalogue.ts'
import { createManagementTools } from './management-tools.ts'
import { bindMcp } from './routes.ts'
import type { Mcp } from './service.ts'
import { type Caller, createToolCalls } from './tool-calls.ts'

interface Needs {
  snapshots: Pick<Snapshots, 'current'>
  runtime: RecordRuntime
  callProduct: CallProduct
  describe(caller: Caller): object
  publicUrl(ctx: Context): Promise<string | null>
}

/** The MCP server, composed. */
export function createMcpModule(
  kit: Kit,
  needs: Needs,
): { routes: BoundRoute[]; countTools(ctx: Context): number } {
  const management = createManagementTools(allRoutes)
  const catalogue = createToolCatalogue({ ...needs, management })
  const calls = createToolCalls({ ...kit, ...needs, elapsedMs: () => performance.now() })
  let loading: Promise<Mcp> | undefined
  /** The library of the protocol takes ten megabytes, and most installations are never asked. */
  async function load(): Promise<Mcp> {
    const { createMcp } = await import('./service.ts')
    return createMcp({ ...kit, catalogue, calls, describe: needs.describe })
  }
  return {
    routes: bindMcp(() => (loading ??= load()), catalogue, needs.publicUrl),
    countTools: ({ actor }) => catalogue.of(actor).length,
  }
}

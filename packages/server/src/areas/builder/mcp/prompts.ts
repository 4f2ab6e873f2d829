import { RpcError, rpcCodes } from './model.ts'

/** What a person can pick in their client to begin with. */
const catalogue = [
  {
    name: 'explore_api',
    title: 'Explore this API',
    description: 'See which endpoints there are and what their records look like.',
    arguments: [],
    text: () =>
      'Read the resource openapi://spec. Then list the endpoints that were defined on this installation, with what each is for, its fields, and who may call it. Point out what is missing or looks like a mistake. Change nothing.',
  },
  {
    name: 'design_endpoint',
    title: 'Design an endpoint',
    description: 'Create an endpoint for a kind of thing, with fields that fit.',
    arguments: [{ name: 'thing', description: 'What its records are, such as invoices.', required: true }],
    text: ({ thing }: Record<string, string>) =>
      `Propose an endpoint for ${thing}: path, fields with their types, which are required or unique, and who may call it. Look at the endpoints that exist with get_api_endpoints, so that names and references fit. Show the proposal and wait for a yes before you call post_api_endpoints; then create one record and read it back.`,
  },
  {
    name: 'investigate_errors',
    title: 'Investigate errors',
    description: 'Find out why calls fail, from the activity log.',
    arguments: [],
    text: () =>
      'Read the newest errors with get_api_dashboard_logs (query.action "error"). Group them by cause, say which endpoint and caller each concerns, and propose what to do. Change nothing without a yes.',
  },
] as const

export const promptList = catalogue.map(({ text: _text, ...prompt }) => ({
  ...prompt,
  arguments: [...prompt.arguments],
}))

/** Throws invalid params for an unknown prompt or a missing argument. */
export function promptOf(name: string, given: Readonly<Record<string, string>> = {}) {
  const found = catalogue.find((prompt) => prompt.name === name)
  if (found === undefined) throw new RpcError(rpcCodes.invalidParams, `There is no prompt called ${name}.`)
  for (const { name: argument } of found.arguments) {
    if ((given[argument] ?? '') === '')
      throw new RpcError(rpcCodes.invalidParams, `The prompt ${name} needs the argument ${argument}.`)
  }
  const text = found.text(given)
  return {
    description: found.description,
    messages: [{ role: 'user' as const, content: { type: 'text' as const, text } }],
  }
}

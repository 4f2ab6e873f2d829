import type { HandlerType } from '@holdfast/contracts/builder/endpoints'

/** What each kind of handler is for. */
export const handlerWords: Record<HandlerType, { label: string; hint: string }> = {
  pre: { label: 'Before', hint: 'Checks or changes the request; may refuse it.' },
  javascript: { label: 'Instead', hint: 'Answers in the place of the record operation.' },
  transform: { label: 'On the answer', hint: 'Changes what the caller gets.' },
  post: { label: 'Afterwards', hint: 'Acts once the change is durable; its failure changes nothing.' },
}

/** What a new handler starts with. */
export const sampleCode: Record<HandlerType, string> = {
  pre: 'async function handler(req, db) {\n  if (!req.body.title) return { status: 400, error: "A title is needed" }\n}\n',
  javascript: 'async function handler(req, db) {\n  return { data: await db.find({}, { limit: 10 }) }\n}\n',
  transform: 'async function handler(req, db) {\n  return { data: req.result.body.data }\n}\n',
  post: 'async function handler(req, db) {\n  console.log(req.method, req.result.status)\n}\n',
}

export const sampleScript =
  "async function run() {\n  const found = await db.collection('/api/products').find()\n  return `${found.length} products`\n}\n"

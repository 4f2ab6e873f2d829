/** The path whose records an endpoint works on: without its parameters. `/api/products/:id` → `/api/products`. */
export function basePathOf(path: string): string {
  const kept = path.split('/').filter((segment) => segment !== '' && !segment.startsWith(':'))
  return `/${kept.join('/')}`
}

/** The names of the parameters in a path: `/api/shops/:shop/items/:id` → `shop`, `id`. */
export function parametersOf(path: string): string[] {
  return path
    .split('/')
    .filter((segment) => segment.startsWith(':'))
    .map((segment) => segment.slice(1))
}

/** A path for a thing somebody has just named: "Order line" → `/api/order-lines`. */
export function suggestPath(name: string): string {
  const words = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
  return words === '' ? '' : `/api/${pluralOf(words)}`
}

function pluralOf(word: string): string {
  if (/(s|x|z|ch|sh)$/.test(word)) return word.endsWith('s') ? word : `${word}es`
  return /[^aeiou]y$/.test(word) ? `${word.slice(0, -1)}ies` : `${word}s`
}

import { bodySchemas, isSecret, schemaProperties } from '@holdfast/contracts/kit/secret'
import { allRoutes } from '@holdfast/contracts/routes'

/** Names that also hold what everybody may see: the code of a problem, the key of a setting. */
const tooCommon = new Set(['code', 'key', 'value'])

/** Source of the list of property names that contracts mark with `secret()`. */
export function secretNamesSource(): string {
  const marked = allRoutes.flatMap((route) =>
    bodySchemas(route).flatMap((schema) =>
      [...schemaProperties(schema)].filter(([, property]) => isSecret(property)).map(([name]) => name),
    ),
  )
  const names = [...new Set(marked)].filter((name) => !tooCommon.has(name)).toSorted()
  return `/** Names of properties that hold a secret. Generated from the marks of the contracts by \`npm run generate\`; a test compares. */
export const secretNames: readonly string[] = [
${names.map((name) => `  '${name}',\n`).join('')}]
`
}

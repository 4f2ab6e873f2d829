import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { repositoryRoot } from '../run.ts'
import { canaryDirectory, cruiseImports, ruleNames } from './cruise.ts'

/** With a TypeScript it cannot use, dependency-cruiser sees nothing and is content. Fewer modules than this is that. */
const modulesMin = 100

const folders = ['packages', 'scripts', 'bench', 'tests'].filter((folder) =>
  existsSync(join(repositoryRoot, folder)),
)
const { moduleCount, violations } = await cruiseImports(repositoryRoot, folders)
const canary = await cruiseImports(canaryDirectory, ['packages'])
const caught = new Set(canary.violations.map(({ rule }) => rule.name))
const blind = ruleNames.filter((name) => !caught.has(name))

for (const { rule, from, to, cycle } of violations) {
  console.log(`${rule.name}: ${from} -> ${cycle?.map(({ name }) => name).join(' -> ') ?? to}`)
}
if (moduleCount < modulesMin) console.log(`Only ${moduleCount} modules were looked at.`)
if (blind.length > 0) console.log(`The canary was not caught by: ${blind.join(', ')}`)
console.log(`${moduleCount} modules, ${violations.length} forbidden imports`)
if (violations.length > 0 || moduleCount < modulesMin || blind.length > 0) process.exitCode = 1

import { repositoryRoot } from './run.ts'
import { writeModule } from './new-module/write.ts'

/** `npm run new:module -- area name`: begins a module that compiles and has a test. */
const [area = '', name = ''] = process.argv.slice(2)
try {
  for (const path of writeModule(repositoryRoot, area, name, new Date())) console.log(`wrote ${path}`)
  console.log(
    `Now compose it in packages/server/src/areas/${area}/area.ts, run "npm run generate" and "npm run format", and read docs/contributing/add-a-module.md.`,
  )
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

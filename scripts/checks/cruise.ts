import { join } from 'node:path'
import { cruise, type IViolation } from 'dependency-cruiser'
import { repositoryRoot } from '../run.ts'
import { cruiseOptions, importRules } from './import-rules.ts'

/** A tree of files, one for each rule, that breaks it. */
export const canaryDirectory = join(repositoryRoot, 'tests/architecture/fixtures/canary')

export interface Cruised {
  moduleCount: number
  violations: IViolation[]
}

export const ruleNames: string[] = importRules.map(({ name }) => name ?? 'unnamed')

/** Looks at every import under `baseDirectory` (the repository, or the canary) and answers the rules it breaks. */
export async function cruiseImports(baseDirectory: string, folders: string[]): Promise<Cruised> {
  const { output } = await cruise(folders, {
    ...cruiseOptions,
    validate: true,
    baseDir: baseDirectory,
    ruleSet: { forbidden: importRules },
  })
  if (typeof output === 'string') throw new Error('dependency-cruiser answered text instead of its findings.')
  return { moduleCount: output.summary.totalCruised, violations: output.summary.violations }
}

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cloneDatabase } from '@holdfast/database/testing'
import { expect, inject, it } from 'vitest'
import { generatedFiles } from './generate/files.ts'
import { sameVersion, schemaPath } from './generate/schema.ts'
import { repositoryRoot } from './run.ts'

it('every generated file is what its source says today', async () => {
  const database = await cloneDatabase(inject('template'))
  try {
    const files = await generatedFiles(database.connectionConfig)
    expect(files.size).toBeGreaterThan(4)
    for (const [path, text] of files) {
      if (path === schemaPath && !sameVersion(text)) continue
      const committed = await readFile(join(repositoryRoot, path), 'utf8')
      expect(committed, `${path} is out of date: run "npm run generate"`).toBe(text)
    }
  } finally {
    await database.drop()
  }
})

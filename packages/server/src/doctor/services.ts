import { createTransport } from 'nodemailer'
import {
  type AppliedMigration,
  type MigrationFile,
  MigrationError,
  pendingMigrations,
} from '@holdfast/database/migration-files'
import type { Clock } from '@holdfast/kernel/clock'
import type { Config } from '../config.ts'
import { examineBucket } from './bucket.ts'
import { fail, type Finding, ok, warn } from './finding.ts'
import type { DoctorRepo } from './repo.ts'
import { examineSignIn } from './sign-in.ts'

const versionNumberMin = 150_000
const clockDifferenceMsMax = 5_000
const answerTimeoutMs = 5_000

/** Checks of the database: its version, its schema, its clock, what the role may. */
export async function examineDatabase(
  repo: DoctorRepo,
  files: readonly MigrationFile[],
  clock: Clock,
): Promise<Finding[]> {
  const askedMs = clock.nowMs()
  const facts = await repo.facts()
  const differenceMs = Math.abs(Date.parse(facts.now) - (askedMs + clock.nowMs()) / 2)
  const applied = facts.isMigrated ? await repo.appliedMigrations() : []
  return [
    facts.versionNumber >= versionNumberMin
      ? ok('database', `PostgreSQL ${facts.version} answers.`)
      : fail('database', `PostgreSQL ${facts.version} is too old. Holdfast needs 15 or newer.`),
    migrations(files, applied),
    facts.ignoresPolicies
      ? warn(
          'database role',
          'The role is a superuser or has BYPASSRLS, so PostgreSQL does not keep organizations apart. Use an ordinary role.',
        )
      : ok('database role', 'The role is an ordinary one; row-level security holds for it.'),
    facts.createsDatabases
      ? ok('backups', 'Each backup can be tried in a database of its own.')
      : warn(
          'backups',
          'The role may not create databases, so each backup is tried in a private PostgreSQL, which takes longer. ' +
            'Allow it with: alter role … createdb',
        ),
    differenceMs <= clockDifferenceMsMax
      ? ok('clock', 'This machine and the database agree on the time.')
      : fail(
          'clock',
          `This machine and the database are ${Math.round(differenceMs / 1_000)} seconds apart. Turn on NTP on both.`,
        ),
  ]
}

function migrations(files: readonly MigrationFile[], applied: readonly AppliedMigration[]): Finding {
  try {
    const pending = pendingMigrations(files, applied)
    if (pending.length === 0) return ok('schema', 'The schema is that of this version.')
    return warn('schema', `${pending.length} migrations are not applied; the next start does that.`)
  } catch (error) {
    if (error instanceof MigrationError) return fail('schema', error.message)
    throw error
  }
}

/** Checks of what is configured beside the database. */
export async function examineServices(config: Config): Promise<Finding[]> {
  return [
    await mail(config),
    await examineBucket(config, answerTimeoutMs),
    auditCopies(config),
    ...(await examineSignIn(config, answerTimeoutMs)),
    ...together(config),
  ]
}

async function mail({ HOLDFAST_SMTP_URL: url }: Config): Promise<Finding> {
  if (url === undefined)
    return warn(
      'e-mail',
      'HOLDFAST_SMTP_URL is not set: nobody gets e-mail. Links are shown to whoever makes them.',
    )
  const transport = createTransport({ url: url.href, connectionTimeout: answerTimeoutMs })
  try {
    await transport.verify()
    return ok('e-mail', `${url.host} takes e-mail.`)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return fail('e-mail', `${url.host} does not take e-mail: ${reason} Check HOLDFAST_SMTP_URL.`)
  } finally {
    transport.close()
  }
}

function auditCopies({ HOLDFAST_AUDIT_SHIP: targets }: Config): Finding {
  if (targets.length > 0)
    return ok('audit copies', 'Checkpoints and sealed segments are copied to another place.')
  return warn(
    'audit copies',
    'Checkpoints and sealed segments of the audit trail stay on the machine that wrote them: name another place in HOLDFAST_AUDIT_SHIP.',
  )
}

/** Settings that make sense only together. */
function together(config: Config): Finding[] {
  const findings: Finding[] = []
  const isPublic = !['127.0.0.1', '::1', 'localhost'].includes(config.HOST)
  if (config.HOLDFAST_PUBLIC_URL?.protocol === 'https:' && config.HOLDFAST_TRUSTED_PROXIES === 0)
    findings.push(
      warn(
        'settings',
        'HOLDFAST_PUBLIC_URL says that a proxy stands in front, and HOLDFAST_TRUSTED_PROXIES is 0: every person has ' +
          'the address of the proxy. Set it to the number of proxies.',
      ),
    )
  if (isPublic && config.HOLDFAST_PUBLIC_URL === undefined)
    findings.push(
      warn(
        'settings',
        `The server listens on ${config.HOST} without TLS. Put a reverse proxy in front and set HOLDFAST_PUBLIC_URL.`,
      ),
    )
  if ((config.HOLDFAST_ADMIN_LOGIN === undefined) !== (config.HOLDFAST_ADMIN_PASSWORD === undefined))
    findings.push(warn('settings', 'HOLDFAST_ADMIN_LOGIN and HOLDFAST_ADMIN_PASSWORD work only together.'))
  return findings.length === 0 ? [ok('settings', 'They fit together.')] : findings
}

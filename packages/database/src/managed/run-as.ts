/** PostgreSQL refuses to run as root, so root runs it as somebody else. */
import { execFile } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { DatabaseStartError } from './start-error.ts'

const run = promisify(execFile)

/** A system user to give a process to. */
export interface RunAs {
  readonly uid: number
  readonly gid: number
  readonly name: string
}

const preferredUsers = ['postgres', 'nobody']

/**
 * Who PostgreSQL shall run as: null for "as we do". For root it is whoever owns the existing cluster, so that a
 * `postgres` user that appears later changes nothing; else `postgres`, else `nobody`.
 */
export async function chooseRunAs(existingCluster: string | null): Promise<RunAs | null> {
  if (process.getuid?.() !== 0) return null
  if (existingCluster) return ownerOf(existingCluster)
  for (const name of preferredUsers) {
    const user = await lookUpUser(name)
    if (user) return user
  }
  throw new DatabaseStartError(
    'PostgreSQL does not run as root, and this machine has neither a "postgres" nor a "nobody" user. Create one ' +
      '(useradd --system postgres), or start the server as an ordinary user.',
  )
}

async function ownerOf(cluster: string): Promise<RunAs> {
  const { uid, gid } = await stat(cluster)
  if (uid === 0) {
    throw new DatabaseStartError(
      `${cluster} belongs to root, and PostgreSQL does not run as root. Run "chown -R postgres: ${cluster}" and start ` +
        'again. Nothing has been changed.',
    )
  }
  return { uid, gid, name: `uid ${uid}` }
}

/** Asks `id`, because users may come from elsewhere than /etc/passwd. Null when there is no such user. */
async function lookUpUser(name: string): Promise<RunAs | null> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])])
    return { uid: Number(uid.stdout), gid: Number(gid.stdout), name }
  } catch {
    return null
  }
}

/**
 * Makes sure that the other user can get to a folder and write there. Tries it instead of reading mode bits, because
 * access lists and capabilities have a say too; mode bits only help to name the folder that is in the way.
 */
export async function assertReachable(directory: string, runAs: RunAs | null): Promise<void> {
  if (!runAs) return
  try {
    await run('/bin/sh', ['-c', 'cd "$1" && test -w .', 'sh', directory], {
      uid: runAs.uid,
      gid: runAs.gid,
      cwd: '/',
    })
  } catch (error) {
    const closed = await closedAncestor(directory, runAs)
    throw new DatabaseStartError(
      `The server runs as root and PostgreSQL as the system user ${runAs.name}, who cannot get to ${directory}` +
        (closed
          ? ` because ${closed} is closed to others. Run "chmod o+x ${closed}"`
          : '. Open the folders above it') +
        ', or set HOLDFAST_DATA to a place such as /var/lib/holdfast.',
      { cause: error },
    )
  }
}

async function closedAncestor(directory: string, runAs: RunAs): Promise<string | null> {
  const ancestors: string[] = []
  for (let path = dirname(directory); path !== dirname(path); path = dirname(path)) ancestors.unshift(path)
  for (const path of ancestors) {
    const { mode, uid, gid } = await stat(path)
    const executeBit = uid === runAs.uid ? 0o100 : gid === runAs.gid ? 0o010 : 0o001
    if ((mode & executeBit) === 0) return path
  }
  return null
}

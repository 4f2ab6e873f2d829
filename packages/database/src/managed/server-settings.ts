/** How the private PostgreSQL is set up. Given on the command line, so that an upgrade of the product brings its settings along. */
import { socketPort } from './layout.ts'

export interface ServerSettingsOptions {
  readonly socketDirectory: string
  /** False only in tests: a crash may lose or damage data. */
  readonly durable: boolean
}

const fences = {
  listen_addresses: '',
  port: String(socketPort),
  unix_socket_permissions: '0700',
}

/** Small: the whole product idles below 250 MB. Whoever needs more sets DATABASE_URL. */
const memory = {
  shared_buffers: '64MB',
  max_connections: '40',
  work_mem: '8MB',
  maintenance_work_mem: '64MB',
  effective_cache_size: '512MB',
  max_worker_processes: '4',
  // A parallel query needs /dev/shm, which is small in containers, and takes the cores of the other requests.
  max_parallel_workers_per_gather: '0',
  autovacuum_max_workers: '2',
  max_wal_senders: '2',
  jit: 'off',
}

const writing = {
  min_wal_size: '80MB',
  max_wal_size: '1GB',
  checkpoint_completion_target: '0.9',
  wal_buffers: '4MB',
  // The data is on the machine's own disk, more often an SSD than not.
  random_page_cost: '1.1',
}

const durable = { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' }
/** Many test processes share one server, each with pools of its own. */
const fleeting = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '300' }

/** Refused statements are the application's to report; this log is for starts, stops and crashes, and stays small. */
const logging = {
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_checkpoints: 'off',
  log_autovacuum_min_duration: '-1',
  log_line_prefix: '%m [%p] ',
  log_timezone: 'UTC',
  lc_messages: 'C',
  timezone: 'UTC',
  cluster_name: 'holdfast',
}

/** `-c name=value` for every setting. */
export function serverArguments(options: ServerSettingsOptions): string[] {
  const settings = {
    ...fences,
    // A list of names; quoted, a comma or a blank in the path is part of the name.
    unix_socket_directories: `"${options.socketDirectory.replaceAll('"', '""')}"`,
    ...memory,
    ...writing,
    ...(options.durable ? durable : fleeting),
    ...logging,
  }
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

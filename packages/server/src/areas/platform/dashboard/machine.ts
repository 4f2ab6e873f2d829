import { readFile } from 'node:fs/promises'
import * as os from 'node:os'
import type { SystemReport } from '@holdfast/contracts/platform/dashboard'
import { fileSystemOf } from '../health/file-system.ts'

type Machine = Omit<
  SystemReport,
  'appVersion' | 'appName' | 'environment' | 'timestamp' | 'cronJobsActive' | 'cronJobsTotal'
>

/** What the operating system says about this machine. `directory` is where data is kept: its disk is the one that fills. */
export async function readMachine(directory: string): Promise<Machine> {
  const [cpu] = os.cpus()
  const { stats, path } = await fileSystemOf(directory)
  const { blocks, bavail, bfree, bsize } = stats
  const totalMemory = os.totalmem()
  const freeMemory = await availableMemory()
  const usedMemory = totalMemory - freeMemory
  const used = blocks - bfree
  return {
    hostname: os.hostname(),
    platform: os.platform(),
    osType: os.type(),
    osRelease: os.release(),
    osVersion: os.version(),
    architecture: os.arch(),
    cpuModel: cpu?.model.trim() ?? 'unknown',
    cpuCores: os.availableParallelism(),
    cpuSpeed: cpu?.speed ?? 0,
    totalMemory,
    freeMemory,
    usedMemory,
    memoryUsagePercent: percent(usedMemory, totalMemory),
    uptime: os.uptime(),
    nodeVersion: process.version,
    // As `df` counts: what only root may still fill is neither free nor used.
    disk: {
      total: blocks * bsize,
      free: bavail * bsize,
      used: used * bsize,
      usagePercent: percent(used, used + bavail),
      mount: path,
    },
    network: { interfaces: interfacesOf(os.networkInterfaces()) },
    loadAverage: os.loadavg(),
  }
}

/** Linux counts its caches as used; what programs could have is another line. */
async function availableMemory(): Promise<number> {
  if (os.platform() !== 'linux') return os.freemem()
  const found = /^MemAvailable:\s+(\d+) kB/m.exec(await readFile('/proc/meminfo', 'utf8'))?.[1]
  return found === undefined ? os.freemem() : Number(found) * 1_024
}

function interfacesOf(interfaces: ReturnType<typeof os.networkInterfaces>) {
  return Object.entries(interfaces).flatMap(([name, addresses]) =>
    (addresses ?? [])
      .filter(({ internal }) => !internal)
      .map(({ address, family }) => ({ name, address, family })),
  )
}

/** With one decimal. */
function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((part / whole) * 1_000) / 10
}

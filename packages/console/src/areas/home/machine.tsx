import type { SystemReport } from '@holdfast/contracts/platform/dashboard'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ProblemNotice } from '../../ui/problem-notice.tsx'
import { Bytes, Duration } from '../../ui/values.tsx'
import { systemQuery } from './queries.ts'

/** The machine that the server runs on, and how full it is. */
export function Machine() {
  const system = useQuery(systemQuery)
  return (
    <section aria-labelledby="home-machine">
      <h2 id="home-machine" className="mb-2 text-base font-semibold">
        This machine
      </h2>
      {system.error && <ProblemNotice problem={system.error} onRetry={() => void system.refetch()} />}
      {system.isPending && <div aria-busy className="h-24 animate-pulse rounded-md bg-sunken" />}
      {system.data && (
        <dl className="grid gap-x-6 gap-y-3 rounded-md border border-line bg-surface p-4 text-sm sm:grid-cols-2 lg:grid-cols-4">
          {factsOf(system.data).map(([label, value]) => (
            <div key={label} className="min-w-0">
              <dt className="text-ink-muted">{label}</dt>
              <dd className="wrap-anywhere">{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  )
}

function factsOf(system: SystemReport): [string, ReactNode][] {
  const { disk, network } = system
  return [
    ['Name', system.hostname],
    ['System', `${system.osType} ${system.osRelease} (${system.architecture})`],
    ['Processor', `${system.cpuCores} × ${system.cpuModel}`],
    ['Load over 1, 5, 15 minutes', system.loadAverage.map((load) => load.toFixed(2)).join(', ')],
    [
      'Memory',
      <Used
        key="memory"
        used={system.usedMemory}
        total={system.totalMemory}
        percent={system.memoryUsagePercent}
      />,
    ],
    ['Disk', <Used key="disk" used={disk.used} total={disk.total} percent={disk.usagePercent} />],
    ['Running for', <Duration key="uptime" milliseconds={Math.round(system.uptime) * 1_000} />],
    ['Version', `${system.appVersion}, Node ${system.nodeVersion}`],
    ['Cron jobs', `${system.cronJobsActive} of ${system.cronJobsTotal} enabled`],
    [
      'Addresses',
      network.interfaces.length === 0
        ? 'None but this machine’s own'
        : [...new Set(network.interfaces.map(({ address }) => address))].join(', '),
    ],
  ]
}

function Used({ used, total, percent }: { used: number; total: number; percent: number }) {
  return (
    <span>
      <Bytes value={used} /> of <Bytes value={total} /> ({Math.round(percent)} %)
    </span>
  )
}

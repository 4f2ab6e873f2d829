import type { Voucher } from '@holdfast/kernel/crypto/vouched-client'
import type { DataPlaneBounds } from '../data-plane.ts'
import type { LimitKey, WindowTable } from '../limits/window-table.ts'
import type { TargetTable } from '../limits/target-table.ts'
import type { ConsumerKeys } from '../policies/consumer-keys.ts'
import type { Deadlines } from '../proxy/deadlines.ts'
import type { Balancer } from '../proxy/balancer.ts'
import type { OwnPage } from '../proxy/own-pages.ts'
import type { UpstreamPools } from '../proxy/upstream-pool.ts'
import type { Recorder } from './recorder.ts'

/** What serving a request needs in one thread. */
export interface ThreadContext {
  readonly bounds: DataPlaneBounds
  readonly trustedProxies: number
  /** Wall clock: the windows of all threads must agree. */
  nowMs(): number
  isDraining(): boolean
  readonly callerWindows: WindowTable
  readonly addressWindows: WindowTable
  addressKey(address: string): LimitKey
  readonly targets: TargetTable
  readonly consumerKeys: ConsumerKeys
  readonly pools: UpstreamPools
  readonly balancer: Balancer
  readonly deadlines: Deadlines
  readonly pages: ReadonlyMap<string, OwnPage>
  readonly recorder: Recorder
  readonly voucher: Voucher | null
}

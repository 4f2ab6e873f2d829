import type { DataPlaneChange } from '../data-plane.ts'
import type { OwnPage } from '../proxy/own-pages.ts'
import type { ThreadEvents } from './recorder.ts'
import type { TargetSlots } from './thread.ts'

/** What the main thread asks of a worker. */
export type ThreadOrder =
  | { type: 'listen'; port: number; reusePort: boolean }
  | { type: 'prepare'; change: DataPlaneChange; slots: TargetSlots }
  | { type: 'publish'; path: string; page: OwnPage | null }
  | { type: 'suspend'; isSuspended: boolean }
  | { type: 'commit' | 'discard' | 'drain' | 'stop' }

/** Each is answered with `done` or `failed` of the same id. */
export interface ToThread {
  id: number
  order: ThreadOrder
}

export type FromThread =
  | { type: 'done'; id: number; value: number | null }
  | { type: 'failed'; id: number; reason: string; code: string | null }
  | { type: 'events'; events: ThreadEvents }

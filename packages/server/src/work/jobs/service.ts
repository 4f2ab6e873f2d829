import type { Context } from '../../context.ts'

/** A named piece of background work. Runs at least once; must be harmless when it runs twice. */
export interface JobHandler<P = unknown> {
  name: string
  attemptsMax: number
  run(ctx: Context, payload: P): Promise<void>
}

export interface Jobs {
  has(name: string): boolean
  /** Adds a job in `ctx.tx`: it exists exactly when the change it belongs to does. Throws for an unknown name. */
  add(
    ctx: Context,
    name: string,
    payload: Record<string, unknown>,
    options?: { runAt?: Date; key?: string },
  ): Promise<void>
}

import type { FastifyInstance } from 'fastify'

/** Told of every answered request: the id of its route, the status, how long it took. */
export type AnswerObserver = (routeId: string, status: number, durationMs: number) => void

declare module 'fastify' {
  interface FastifyContextConfig {
    routeId?: string
  }
}

/** What meets no route is the console's, or nobody's: `none`. */
export function observeAnswers(app: FastifyInstance, observe: AnswerObserver): void {
  app.addHook('onResponse', async (request, reply) => {
    observe(request.routeOptions.config.routeId ?? 'none', reply.statusCode, reply.elapsedTime)
  })
}

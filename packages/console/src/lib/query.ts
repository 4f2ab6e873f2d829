import { QueryClient } from '@tanstack/react-query'
import { statusOf } from './problem-text.ts'

/** A refusal is an answer: asking again changes nothing. Only what may pass by itself is tried again. */
function shouldRetry(failures: number, thrown: unknown): boolean {
  const status = statusOf(thrown)
  const passing = status === undefined || status === 502 || status === 503 || status === 504
  return passing && failures < 2
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { retry: shouldRetry, staleTime: 10_000, refetchOnWindowFocus: true },
    mutations: { retry: false },
  },
})

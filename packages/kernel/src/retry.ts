export interface RetryOptions {
  attemptsMax: number
  /** Wait before attempt n (from 1) is retried. */
  delayMs: (attempt: number) => number
  retryable: (error: unknown) => boolean
  signal?: AbortSignal
}

/** Runs `work` until it succeeds, is not retryable, or the attempts are used up; throws the last error. */
export async function retry<T>(work: (attempt: number) => Promise<T>, options: RetryOptions): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work(attempt)
    } catch (error) {
      if (attempt >= options.attemptsMax || !options.retryable(error) || options.signal?.aborted) throw error
      await wait(options.delayMs(attempt), options.signal)
    }
  }
}

/** Exponential backoff with full jitter, as AWS describes it: a random part of `baseMs * 2^(attempt-1)`, at most `capMs`. */
export function backoff(
  baseMs: number,
  capMs: number,
  random: () => number = Math.random,
): (attempt: number) => number {
  return (attempt) => random() * Math.min(capMs, baseMs * 2 ** (attempt - 1))
}

function wait(durationMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, durationMs)
    function done() {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    signal?.addEventListener('abort', done)
  })
}
